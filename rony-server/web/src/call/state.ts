/** The calls of this device, as a pure machine: what the server tells of them, and what becomes of each. */
import type { CallTold, EndReason, Outcome } from "./wire";

export interface Call {
  id: string;
  caller: string;
  conversation: string | null;
  /** Where its people meet; null before the server has said so. */
  room: string | null;
  video: boolean;
  /** `asking`: the server does not know of it yet. `calling`: it rings at others; `ringing`: it rings here. */
  phase: "asking" | "calling" | "ringing" | "talking";
  /** Another call goes on, which answering this one puts aside. */
  waiting: boolean;
  /** Until when it rings here, by the page's own clock. */
  until: number | null;
  /** Since when one talks, in milliseconds of the day. */
  since: number | null;
  /** It is put aside here. */
  held: boolean;
  /** Others who have put it aside. */
  heldBy: readonly string[];
  /** Others who will not come. */
  unanswered: Readonly<Record<string, Outcome>>;
}

/** A call is over on this device, for a reason of the server's or because it refused something. */
export type Over =
  | { call: Call; type: "ended"; reason: EndReason }
  | { call: Call; type: "refused"; code: string; detail: string };

export interface Now {
  /** By the page's clock, which only goes forward. */
  page: number;
  /** The time of day. */
  day: number;
}

export function asked(id: string, me: string, conversation: string, video: boolean): Call {
  return {
    ...{ id, caller: me, conversation, room: null, video, phase: "asking", waiting: false, until: null, since: null },
    ...{ held: false, heldBy: [], unanswered: {} },
  };
}

/** The calls after the server said something, and the one that is over by it. */
export function hear(calls: readonly Call[], me: string, told: CallTold, now: Now): [readonly Call[], Over | null] {
  const known = calls.find((call) => call.id === told.call);
  switch (told.type) {
    case "calling":
    case "ring":
    case "join": {
      const before = known ?? asked(told.call, told.caller, told.conversation ?? "", told.video);
      const call: Call = {
        ...before,
        caller: told.caller,
        conversation: told.conversation ?? null,
        room: told.room,
        video: told.video || before.video,
        phase: told.type === "ring" ? "ringing" : told.type === "join" ? "talking" : "calling",
        waiting: told.type === "ring" && told.waiting,
        until: told.type === "ring" ? now.page + told.ring_ms : null,
        since: told.type === "join" ? (before.since ?? now.day) : null,
        held: told.type === "join" && before.held,
      };
      // What rings once more because this device has come back is already accepted here, and on its way.
      if (told.type === "ring" && known?.phase === "talking") return [calls, null];
      return [[...calls.filter((other) => other.id !== call.id), call], null];
    }
    case "ended":
      return known === undefined ? [calls, null] : [without(calls, known), { ...told, call: known }];
    case "refused": {
      if (known === undefined) return [calls, null];
      // One that goes on is not over because something else cannot be done with it.
      const goesOn = known.phase === "talking" && told.code !== "no_such_call" && told.code !== "answered_elsewhere";
      return [goesOn ? calls : without(calls, known), { ...told, call: known }];
    }
    case "held":
      if (told.user === me) return [change(calls, told.call, () => ({ held: told.on })), null];
      return [
        change(calls, told.call, ({ heldBy }) => ({
          heldBy: [...heldBy.filter((user) => user !== told.user), ...(told.on ? [told.user] : [])],
        })),
        null,
      ];
    case "left":
      return [
        change(calls, told.call, ({ heldBy }) => ({ heldBy: heldBy.filter((user) => user !== told.user) })),
        null,
      ];
    case "unanswered":
      return [
        change(calls, told.call, ({ unanswered }) => ({ unanswered: { ...unanswered, [told.user]: told.outcome } })),
        null,
      ];
    case "video":
      return [change(calls, told.call, ({ video }) => ({ video: video || told.on })), null];
    default:
      return [calls, null];
  }
}

/** Without those that ring longer than they should: the word of their end was lost with a connection. */
export function expire(calls: readonly Call[], now: number): readonly Call[] {
  const late = (call: Call) => call.phase === "ringing" && call.until !== null && call.until + GRACE <= now;
  return calls.some(late) ? calls.filter((call) => !late(call)) : calls;
}

/** The server's word comes first, as a rule. */
const GRACE = 2_000;

export function without(calls: readonly Call[], { id }: Pick<Call, "id">): readonly Call[] {
  return calls.filter((call) => call.id !== id);
}

export function change(calls: readonly Call[], id: string, what: (call: Call) => Partial<Call>): readonly Call[] {
  return calls.map((call) => (call.id === id ? { ...call, ...what(call) } : call));
}

/** What a person is told when a call is over; null where they know. */
export function wordsOf(over: Over, me: string, name: string): string | null {
  if (over.type === "refused")
    return over.code === "answered_elsewhere" ? "The call was answered on another device." : over.detail;
  const { call, reason } = over;
  if (reason === "answered_elsewhere") return "The call was answered on another device.";
  if (call.caller !== me)
    return reason === "cancelled" || reason === "missed" ? `You missed a call from ${name}.` : null;
  switch (reason) {
    case "busy":
      return `${name} cannot be reached at the moment.`;
    case "declined":
      return `${name} declined.`;
    case "missed":
      return `${name} did not answer.`;
    default:
      return null;
  }
}

/** A span as people read it on a telephone. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number: number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
