import { useEffect, useRef, useState } from "react";
import type { ConversationView } from "@/api/types";
import { useLatest } from "@/client/hooks";

/**
 * How far was read on entry: the "New" divider stands after it, and stays. Null where all was read. When messages come while
 * the page is not seen, it stands before them.
 */
export function useDivider(view: ConversationView, thread?: string): number | null {
  const [divider, setDivider] = useState(() => (view.unread > 0 ? view.read_ordinal : null));
  const latest = useLatest(view);
  const left = useRef<number | null>(null);
  useEffect(() => {
    function seen() {
      const { read_ordinal, newest_ordinal } = latest.current;
      if (document.visibilityState === "hidden") left.current = newest_ordinal;
      else if (left.current !== null && newest_ordinal > left.current) setDivider(Math.max(read_ordinal, left.current));
    }
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, [latest]);
  return thread ? null : divider;
}
