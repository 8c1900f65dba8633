/** The shortcuts of the whole page. Those of the conversation are where it is. */
import { useEffect } from "react";
import { useClient } from "@/client/hooks";
import { places, useNavigate } from "@/lib/navigate";
import { singleKeys } from "@/lib/single-keys";
import { nextUnread } from "./order";
import { currentOverlay, openOverlay } from "./overlays";

/** Ctrl, or Cmd on a Mac. */
export const MAIN_KEY = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

export function useShortcuts(): void {
  const client = useClient();
  const navigate = useNavigate();
  useEffect(() => {
    function unread(direction: 1 | -1) {
      const { model } = client.snapshot();
      const here = window.location.hash.match(/^#\/c\/([^/]+)/)?.[1] ?? null;
      const next = model && nextUnread(model, here, direction);
      if (next) navigate(places.conversation(next));
    }

    /** Whether the key was one of these. */
    function pressed(event: KeyboardEvent): boolean {
      const main = event.ctrlKey || event.metaKey;
      if (main && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
        openOverlay({ kind: "palette" });
        return true;
      }
      if (main && event.key === "/") {
        openOverlay({ kind: "shortcuts" });
        return true;
      }
      if (event.altKey && event.shiftKey && !main && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        unread(event.key === "ArrowDown" ? 1 : -1);
        return true;
      }
      return (
        !main && !event.altKey && singleKeys() && currentOverlay() === null && !isWriting(event) && single(event.key)
      );
    }

    function single(key: string): boolean {
      switch (key) {
        case "?":
          openOverlay({ kind: "shortcuts" });
          return true;
        case "/":
          navigate(places.search());
          return true;
        case "n":
          openOverlay({ kind: "new" });
          return true;
        case "j":
          unread(1);
          return true;
        case "k":
          unread(-1);
          return true;
        default:
          return false;
      }
    }

    function down(event: KeyboardEvent) {
      if (event.isComposing || event.defaultPrevented) return;
      if (pressed(event)) event.preventDefault();
    }
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, [client, navigate]);
}

/** Whether the key goes into a text, or into something that is open and has keys of its own. */
function isWriting({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest("input, textarea, select, [role=menu], [role=dialog], [role=listbox]") !== null
  );
}
