/** What is said of calls that are over. */
import type { CallNote, LoggedCall } from "@/api/types";
import { duration } from "./state";

export function isMissed({ callees }: LoggedCall, me: string): boolean {
  const mine = callees.find((callee) => callee.user_id === me)?.outcome;
  return mine === "missed" || mine === "busy" || mine === "cancelled";
}

/** In words, for whoever reads it. */
export function whatBecame(call: LoggedCall, me: string): string {
  if (call.outcome == null) return "Goes on";
  const mine = call.callees.find((callee) => callee.user_id === me)?.outcome;
  if (isMissed(call, me)) return "Missed";
  if (mine === "declined") return "You declined";
  if (call.outcome === "answered") {
    const [from, to] = [call.answered_at ?? call.started_at, call.ended_at ?? call.started_at];
    return duration(Date.parse(to) - Date.parse(from));
  }
  const words = { declined: "Declined", missed: "No answer", busy: "Not reached", cancelled: "Cancelled" } as const;
  return words[call.outcome];
}

/** What a missed call says in the conversation, to whom it is told. */
export function wordsOfNote({ video, missed }: CallNote, me: string, name: (user: string) => string): string {
  const call = video ? "video call" : "call";
  if (missed.includes(me)) return `You missed a ${call}.`;
  const [first, ...rest] = missed;
  if (first === undefined) return `A ${call} that nobody answered.`;
  const others = rest.length === 0 ? "" : ` and ${rest.length} more`;
  return `${name(first)}${others} missed a ${call}.`;
}
