/** The order of the list of conversations, and what counts as waiting for the person. Pure, and tested. */
import type { ConversationView } from "@/api/types";
import type { Model } from "@/model/model";
import { conversationTitle } from "@/model/naming";

export interface Section {
  name: "Favourites" | "Direct messages" | "Groups";
  conversations: readonly ConversationView[];
}

/** The conversations in their sections, the newest first. Empty sections are left out, archived ones unless they are looked for. */
export function sections(model: Model | Pick<Model, "conversations">, filter = ""): Section[] {
  const wanted = fold(filter.trim());
  const shown = [...model.conversations.values()].filter((view) =>
    wanted === "" || !("people" in model)
      ? !view.archived_at || view.unread > 0
      : fold(conversationTitle(model, view)).includes(wanted),
  );
  // Moments are written so that their letters have their order.
  shown.sort((a, b) => compare(newest(b), newest(a)) || compare(a.id, b.id));
  const all: Section[] = [
    { name: "Favourites", conversations: shown.filter((view) => view.favorite) },
    { name: "Direct messages", conversations: shown.filter((view) => !view.favorite && view.kind === "direct") },
    { name: "Groups", conversations: shown.filter((view) => !view.favorite && view.kind === "group") },
  ];
  return all.filter((section) => section.conversations.length > 0);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** When something last happened there. */
function newest(view: ConversationView): string {
  return view.last_message?.created_at ?? view.joined_at ?? view.created_at;
}

/** Letters as they are compared: without case and accents. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

export function isMuted(view: ConversationView, now = Date.now()): boolean {
  return view.muted_until != null && Date.parse(view.muted_until) > now;
}

/** How many messages call for the person: what mentions them, and all of a direct conversation. Muted ones do not. */
export function calls(view: ConversationView): number {
  if (view.level === "nothing" || isMuted(view)) return 0;
  return view.kind === "direct" && view.level === "all" ? view.unread : view.mentions;
}

/** Whether something new is there that the person wants to be shown. */
export function isUnread(view: ConversationView): boolean {
  if (isMuted(view) || view.level === "nothing") return false;
  return view.unread > 0;
}

/** The next conversation with something new, down or up from where one is, and round the end. */
export function nextUnread(model: Model, from: string | null, direction: 1 | -1): string | null {
  const order = sections(model).flatMap((section) => section.conversations);
  const start = order.findIndex((view) => view.id === from);
  for (let step = 1; step <= order.length; step += 1) {
    const base = start < 0 && direction === 1 ? -1 : Math.max(start, 0);
    const view = order[(base + direction * step + order.length * 2) % order.length];
    if (view !== undefined && view.id !== from && isUnread(view)) return view.id;
  }
  return null;
}
