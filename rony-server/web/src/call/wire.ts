/** What is said about calls over the gateway; docs/GATEWAY.md describes it. */

export interface CallInfo {
  call: string;
  caller: string;
  video: boolean;
  room: string;
  conversation?: string;
}

export type EndReason = "answered_elsewhere" | "declined" | "missed" | "cancelled" | "busy" | "hung_up";
export type Outcome = "accepted" | "declined" | "missed" | "busy" | "cancelled";

/** What this device is told. A type that is not known here does nothing. */
export type CallTold =
  | ({ type: "calling" | "join" } & CallInfo)
  | ({ type: "ring"; waiting: boolean; ring_ms: number } & CallInfo)
  | { type: "accepted" | "left"; call: string; user: string }
  | { type: "unanswered"; call: string; user: string; outcome: Outcome }
  | { type: "held" | "video"; call: string; user: string; on: boolean }
  | { type: "ended"; call: string; reason: EndReason }
  | { type: "refused"; call: string; code: string; detail: string };

/** What this device says. */
export type CallSaid =
  | { type: "here"; calls: string[] }
  | { type: "invite"; call: string; conversation: string; video: boolean }
  | { type: "accept" | "decline" | "hang_up"; call: string }
  | { type: "hold" | "video"; call: string; on: boolean };
