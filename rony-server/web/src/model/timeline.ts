/** A part of a conversation or of a thread, without holes: what is shown as one list. */
import type { Message, MessagePage } from "@/api/types";

export interface Timeline {
  /** Oldest first. */
  messages: readonly Message[];
  moreBefore: boolean;
  moreAfter: boolean;
}

/** A list that is longer is cut at the far end: however long somebody scrolls, the page stays as quick as it was. */
export const MOST = 600;

/** So many of the newest stay of a list that was cut while somebody was at its end. */
const REST = 300;

export const EMPTY_TIMELINE: Timeline = { messages: [], moreBefore: false, moreAfter: false };

/** A message's number in the list that it stands in: its thread's or its conversation's. */
export function place(message: Message): number {
  return message.thread_ordinal ?? message.ordinal;
}

export function fromPage(page: MessagePage): Timeline {
  return { messages: page.items, moreBefore: page.more_before, moreAfter: page.more_after };
}

/** Puts the older messages of a page in front. */
export function prepend(timeline: Timeline, page: MessagePage): Timeline {
  const first = timeline.messages[0];
  const older = first === undefined ? page.items : page.items.filter((message) => place(message) < place(first));
  const messages = [...older, ...timeline.messages];
  const cut = messages.length > MOST;
  return {
    messages: cut ? messages.slice(0, MOST) : messages,
    moreBefore: page.more_before,
    moreAfter: timeline.moreAfter || cut,
  };
}

/** Puts the newer messages of a page behind. */
export function append(timeline: Timeline, page: MessagePage): Timeline {
  const last = timeline.messages.at(-1);
  const newer = last === undefined ? page.items : page.items.filter((message) => place(message) > place(last));
  const messages = [...timeline.messages, ...newer];
  const cut = messages.length > MOST;
  return {
    messages: cut ? messages.slice(-MOST) : messages,
    moreBefore: timeline.moreBefore || cut,
    moreAfter: page.more_after,
  };
}

/** A message that was posted just now. Where newer ones are not loaded yet, it comes with them. */
export function posted(timeline: Timeline, message: Message): Timeline {
  const last = timeline.messages.at(-1);
  if (timeline.moreAfter) return timeline;
  if (last !== undefined && place(message) <= place(last)) return replaced(timeline, message);
  // Somebody reads further up: it comes when they come down.
  if (timeline.messages.length >= 2 * MOST) return { ...timeline, moreAfter: true };
  return { ...timeline, messages: [...timeline.messages, message] };
}

/** Only the newest of a list that has become long. */
export function shortened(timeline: Timeline, rest = REST): Timeline {
  if (timeline.moreAfter || timeline.messages.length <= rest) return timeline;
  return { ...timeline, messages: timeline.messages.slice(-rest), moreBefore: true };
}

/** A message that changed. What is as new already stays. */
export function replaced(timeline: Timeline, message: Message): Timeline {
  const index = find(timeline, place(message));
  const known = timeline.messages[index];
  if (known === undefined || known.id !== message.id || known.version >= message.version) return timeline;
  return { ...timeline, messages: timeline.messages.with(index, message) };
}

/** Where the message with this number stands; -1 where it is not loaded. */
export function find(timeline: Timeline, number: number): number {
  let [low, high] = [0, timeline.messages.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const message = timeline.messages[middle];
    if (message === undefined) return -1;
    if (place(message) === number) return middle;
    if (place(message) < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
