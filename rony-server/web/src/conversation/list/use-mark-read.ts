import { useEffect, useRef, useSyncExternalStore } from "react";
import type { ConversationView, Message } from "@/api/types";
import { useClient } from "@/client/hooks";
import { place } from "@/model/timeline";

/** Marks as read up to the newest message while it is in view and somebody can see the page. */
export function useMarkRead(view: ConversationView, thread: string | undefined, newest: Message | undefined): void {
  const client = useClient();
  const visible = useVisible();
  const told = useRef(0);
  const ordinal = newest === undefined ? 0 : place(newest);
  useEffect(() => {
    if (!visible || ordinal <= told.current || (!thread && ordinal <= view.read_ordinal)) return;
    told.current = ordinal;
    client.markRead(view.id, ordinal, thread);
  }, [client, visible, ordinal, thread, view.id, view.read_ordinal]);
}

function useVisible(): boolean {
  return useSyncExternalStore(subscribe, () => document.visibilityState === "visible");
}

function subscribe(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}
