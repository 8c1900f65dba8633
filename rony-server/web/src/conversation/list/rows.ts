/** The rows of a list of messages: what stands above each, and which belong together. Pure, and tested. */
import type { Message } from "@/api/types";
import type { Pending } from "@/client/outbox";
import { place, type Timeline } from "@/model/timeline";

export type Row =
  | { kind: "start"; key: string }
  | {
      kind: "message";
      key: string;
      message: Message;
      /** It follows one of the same person: without picture and name. */
      grouped: boolean;
      /** The first of its day. */
      day: boolean;
      /** The first that was new on entry. */
      first: boolean;
    }
  | { kind: "pending"; key: string; pending: Pending; grouped: boolean };

/** Messages of one person within so long stand together. */
const TOGETHER = 5 * 60_000;

interface Source {
  timeline: Timeline;
  pending: readonly Pending[];
  me: string;
  /** How far was read on entry; null where no divider is to be shown. */
  divider: number | null;
}

export function toRows({ timeline, pending, me, divider }: Source): Row[] {
  const { messages, moreBefore, moreAfter } = timeline;
  const rows: Row[] = moreBefore ? [] : [{ kind: "start", key: "start" }];
  // The first that is here waits for the one before it: so no row looks different when older ones come.
  let before: Message | undefined = moreBefore ? messages[0] : undefined;
  // Where the first new one is not here yet, the divider comes with it.
  const above = moreBefore && messages[0] !== undefined && place(messages[0]) > (divider ?? 0);
  let divided = divider === null || above;
  for (const message of moreBefore ? messages.slice(1) : messages) {
    const fresh = !divided && place(message) > (divider ?? 0);
    // One's own messages are never new.
    const first = fresh && message.sender_id !== me;
    if (first) divided = true;
    const day = before === undefined || dayOf(before.created_at) !== dayOf(message.created_at);
    const grouped = !day && !first && !message.reply_to && together(before, message.sender_id, message.created_at);
    rows.push({ kind: "message", key: rowKey(message.sender_id, message.client_id), message, grouped, day, first });
    before = message;
  }
  if (moreAfter) return rows;
  let last = before && { sender_id: before.sender_id, created_at: before.created_at, deleted_at: before.deleted_at };
  // What was sent may come with a page before it comes as an event.
  const newest = pending.length === 0 ? null : new Set(messages.slice(-100).map((message) => message.client_id));
  for (const one of pending) {
    if (newest?.has(one.client_id)) continue;
    const grouped = !one.reply_to && together(last, me, one.created_at);
    rows.push({ kind: "pending", key: rowKey(me, one.client_id), pending: one, grouped });
    last = { sender_id: me, created_at: one.created_at, deleted_at: null };
  }
  return rows;
}

function together(
  before: Pick<Message, "sender_id" | "created_at" | "deleted_at"> | undefined,
  sender: string,
  moment: string,
): boolean {
  if (before === undefined || before.sender_id !== sender || before.deleted_at) return false;
  return Date.parse(moment) - Date.parse(before.created_at) < TOGETHER;
}

/** The same before and after the server has taken the message. */
function rowKey(sender: string, client: string): string {
  return `${sender}/${client}`;
}

const days = new Map<string, number>();

/** The day of a moment, here. */
function dayOf(moment: string): number {
  // Ten minutes lie in one day, wherever one is.
  const slot = moment.slice(0, 15);
  let day = days.get(slot);
  if (day === undefined) {
    day = new Date(moment).setHours(0, 0, 0, 0);
    if (days.size > 5_000) days.clear();
    days.set(slot, day);
  }
  return day;
}
