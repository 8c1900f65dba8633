/** Whether the page is so narrow that only one of its parts is seen at a time. */
import { useSyncExternalStore } from "react";

/** As on a phone: the list or what was chosen from it. */
const PHONE = window.matchMedia("(max-width: 767.98px)");

/** A conversation, or what would stand beside it. */
export const ONE_COLUMN = window.matchMedia("(max-width: 1023.98px)");

export function useNarrow(narrow = PHONE): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
}
