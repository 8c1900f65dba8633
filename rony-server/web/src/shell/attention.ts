/** What calls for the person while they look elsewhere: the title and icon of the page, notifications, and how present they are. */
import { useEffect } from "react";
import { useLocation } from "wouter";
import { useClient, useClientState, useModel } from "@/client/hooks";
import { conversationTitle } from "@/model/naming";
import { showOnIcon } from "./icon";
import { useNotifications } from "./notifications";
import { calls } from "./order";
import { usePresence } from "./presence";

const TITLES: Readonly<Record<string, string>> = {
  browse: "Public groups",
  people: "People",
  activity: "Activity",
  calls: "Calls",
  search: "Search",
  settings: "Settings",
  admin: "Administration",
};

export function useAttention(): void {
  const client = useClient();
  const live = useClientState((state) => state.connection === "live");
  usePresence(client, live);
  useNotifications(client);
  useTitleAndIcon();
}

function useTitleAndIcon(): void {
  const [at] = useLocation();
  const [, place = "", id = ""] = at.split("/");
  const waiting = useModel((model) => {
    let count = 0;
    for (const view of model.conversations.values()) count += calls(view);
    return count;
  });
  const anything = useModel((model) => {
    for (const view of model.conversations.values()) {
      if (view.unread > 0 && view.level === "all") return true;
    }
    return false;
  });
  const here = useModel((model) => {
    const view = place === "c" ? model.conversations.get(id) : undefined;
    return view === undefined ? TITLES[place] : conversationTitle(model, view);
  });

  useEffect(() => {
    const count = waiting > 0 ? `(${waiting}) ` : anything ? "• " : "";
    document.title = `${count}${here ? `${here} · ` : ""}Rony`;
  }, [waiting, anything, here]);

  useEffect(() => {
    void showOnIcon(waiting, anything);
  }, [waiting, anything]);
}
