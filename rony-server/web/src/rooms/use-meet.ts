/** From a conversation to its meeting. */
import { useState } from "react";
import { toast } from "sonner";
import { api, call, explain } from "@/api/client";
import type { ConversationView } from "@/api/types";
import { meetingPage } from "./link";

/** Longer names are not taken. */
const LONGEST = 100;

/** Opens the meeting of a conversation in a tab of its own. The server tells the others when somebody is in. */
export function useMeet() {
  const [busy, setBusy] = useState(false);

  async function meet(view: ConversationView) {
    // Opened at once: what a browser is asked for later than the click, it takes for an advertisement.
    const tab = window.open("", "_blank");
    setBusy(true);
    try {
      const title = [...view.title].slice(0, LONGEST).join("");
      const room = await call(api.POST("/rooms", { body: { conversation_id: view.id, title } }));
      const page = meetingPage(room.code);
      if (tab !== null) tab.location.replace(page);
      else
        toast("Your browser did not let Rony open the meeting.", {
          action: { label: "Open it", onClick: () => window.open(page, "_blank") },
        });
    } catch (error) {
      tab?.close();
      toast.error(explain(error));
    }
    setBusy(false);
  }

  return { meet, busy };
}
