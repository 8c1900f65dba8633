/** What conversations are called, and how messages look on one line. */
import type { CallNote, ConversationView, Message } from "@/api/types";
import { useModel, usePersonName } from "@/client/hooks";
import type { Model } from "./model";

/** What a person is called here: by the nickname that one gave them, else by their own name. */
export function personName(model: Model, id: string | null | undefined): string {
  if (!id) return "";
  const person = id === model.me.id ? model.me : model.people.get(id);
  return model.contacts.get(id)?.nickname || person?.display_name || "…";
}

/** What a conversation is called: its title, whom one talks to, or who is in it. */
export function conversationTitle(model: Model, view: ConversationView): string {
  if (view.title) return view.title;
  if (view.kind === "direct")
    return view.peer_id ? personName(model, view.peer_id) : `${personName(model, model.me.id)} (you)`;
  const others = (model.members.get(view.id) ?? []).filter((member) => member.user_id !== model.me.id);
  if (others.length === 0) return view.member_count > 1 ? `Group of ${view.member_count}` : "Group";
  const names = others.slice(0, 3).map((member) => member.display_name);
  return names.join(", ") + (others.length > 3 ? ` and ${others.length - 3} more` : "");
}

/** What a conversation is called; drawn again when that changes. */
export function useConversationTitle(view: ConversationView | undefined): string {
  // Asks for the other one's name where it is not known.
  usePersonName(view?.peer_id);
  return useModel((model) => (view === undefined ? "" : conversationTitle(model, view)));
}

/** The list of conversations asks for these again and again. */
const lines = new WeakMap<object, string>();

/** What a message says, as one line of plain text, with people called by their names. */
export function messageLine(
  model: Model,
  message: Pick<Message, "sender_id" | "text" | "mentions" | "attachments" | "call">,
): string {
  const { mentions, call, sender_id } = message;
  if (call) return callLine(call, sender_id, model.me.id, (user) => personName(model, user));
  let line = lines.get(message) ?? saidLine(message);
  lines.set(message, line);
  for (const id of mentions?.users ?? []) {
    const person = id === model.me.id ? model.me : model.people.get(id);
    if (person) line = line.replaceAll(`@${person.username}`, `@${personName(model, id)}`);
  }
  return line;
}

/** What is said of a call that was missed: to who missed it, to who called, and to others. */
export function callLine(note: CallNote, caller: string, me: string, name: (user: string) => string): string {
  const call = note.video ? "video call" : "call";
  if (note.missed.includes(me)) return `You missed a ${call}.`;
  const mine = caller === me;
  const [first, ...rest] = note.missed;
  if (first === undefined) return mine ? `Your ${call} was not answered.` : `A ${call} that nobody answered.`;
  const others = rest.length === 0 ? "" : ` and ${rest.length} more`;
  return `${name(first)}${others} missed ${mine ? "your" : "a"} ${call}.`;
}

/** What a message says with people called as they were written. A message that is only files is said by their names. */
export function saidLine({ text, attachments = [], call }: Pick<Message, "text" | "attachments" | "call">): string {
  if (call) return call.video ? "Missed video call" : "Missed call";
  if (text !== "" || attachments.length === 0) return plainLine(text.slice(0, 500));
  return attachments.length > 2 ? `${attachments.length} files` : attachments.map(({ name }) => name).join(", ");
}

/** A message's Markdown as one line of plain text. */
export function plainLine(markdown: string): string {
  return markdown
    .replace(/```[^\n]*\n?/g, " ")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^\s{0,3}(?:#{1,6}|>|[-*+]|\d+\.)\s+/gm, "")
    .replace(/(\*\*|__|~~|`)(.+?)\1/g, "$2")
    .replace(/(^|\s)[*_](\S(?:.*?\S)?)[*_](?=\s|[.,!?;:]|$)/g, "$1$2")
    .replace(/\\([\\`*_{}[\]()#+\-.!~>])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
