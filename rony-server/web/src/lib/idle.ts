/** Where there is always something to do, the rest is done after so long all the same, in milliseconds. */
const LONGEST = 3_000;
/** Safari has no word for it: there a later moment is as good. */
const LATER = 200;

/** Waits until the page has nothing to do. */
export function idle(): Promise<unknown> {
  return new Promise((resolve) =>
    typeof requestIdleCallback === "function"
      ? requestIdleCallback(resolve, { timeout: LONGEST })
      : setTimeout(resolve, LATER),
  );
}
