/** What is said of calls that are over. */
import type { LoggedCall } from "@/api/types";
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
