import { useEffect } from "react";
import { useClient, useLatest } from "@/client/hooks";

/** What has a meaning of its own for the key, also where it does nothing at the moment. */
const OWN = "input, select, [role=menu], [role=dialog], [role=alertdialog], [role=listbox]";

/** Esc closes what stands beside the conversation; where nothing does, it marks the conversation as read. */
export function useEscape(conversation: string, close: (() => void) | null): void {
  const client = useClient();
  const latest = useLatest(close);
  useEffect(() => {
    function down(event: KeyboardEvent) {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (event.target instanceof HTMLElement && event.target.closest(OWN)) return;
      if (latest.current !== null) return latest.current();
      const view = client.snapshot().model?.conversations.get(conversation);
      if (view) client.markRead(conversation, view.newest_ordinal);
    }
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, [client, conversation, latest]);
}
