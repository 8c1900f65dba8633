import { expect, it } from "vitest";
import type { LoggedCall } from "@/api/types";
import { whatBecame } from "./words";

const call: LoggedCall = {
  id: "1",
  conversation_id: "c",
  caller_id: "ann",
  video: false,
  outcome: "answered",
  callees: [
    { user_id: "ben", outcome: "accepted" },
    { user_id: "cem", outcome: "missed" },
  ],
  started_at: "2026-11-27T10:00:00Z",
  answered_at: "2026-11-27T10:00:10Z",
  ended_at: "2026-11-27T10:02:15Z",
};

it("a call in the log says what became of it for who reads it", () => {
  expect(whatBecame(call, "ann")).toBe("02:05");
  expect(whatBecame(call, "ben")).toBe("02:05");
  expect(whatBecame(call, "cem")).toBe("Missed");
  expect(whatBecame({ ...call, outcome: null }, "ann")).toBe("Goes on");
  const alone = (outcome: "declined" | "missed" | "busy" | "cancelled"): LoggedCall => ({
    ...call,
    outcome,
    callees: [{ user_id: "ben", outcome }],
  });
  expect(whatBecame(alone("declined"), "ben")).toBe("You declined");
  expect(whatBecame(alone("declined"), "ann")).toBe("Declined");
  expect([whatBecame(alone("busy"), "ann"), whatBecame(alone("busy"), "ben")]).toEqual(["Not reached", "Missed"]);
});
