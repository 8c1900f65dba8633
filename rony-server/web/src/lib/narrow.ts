/** Whether the page is as narrow as on a phone: only one of its parts is seen at a time then. */
import { useSyncExternalStore } from "react";

const narrow = window.matchMedia("(max-width: 767.98px)");

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
}
