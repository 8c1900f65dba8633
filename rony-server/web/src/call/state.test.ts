import { describe, expect, it } from "vitest";
import { asked, type Call, duration, expire, hear, type Over, wordsOf } from "./state";
import type { CallTold } from "./wire";

const info = { call: "1", caller: "ann", video: false, room: "abc-defg-hjk", conversation: "c" };
const ring: CallTold = { type: "ring", waiting: false, ring_ms: 45_000, ...info };
const now = { page: 1_000, day: 5_000 };

function heard(me: string, told: CallTold[], begin: readonly Call[] = []): [readonly Call[], Over | null] {
  let [calls, over]: [readonly Call[], Over | null] = [begin, null];
  for (const one of told) [calls, over] = hear(calls, me, one, now);
  return [calls, over];
}

describe("calls of a device", () => {
  it("ring, are answered, and end", () => {
    const [rings] = heard("ben", [ring]);
    expect(rings).toMatchObject([{ phase: "ringing", until: 46_000, caller: "ann" }]);
    const [talks] = heard("ben", [{ type: "join", ...info }], rings);
    expect(talks).toMatchObject([{ phase: "talking", since: 5_000, until: null }]);
    const [none, over] = heard("ben", [{ type: "ended", call: "1", reason: "hung_up" }], talks);
    expect([none.length, over && wordsOf(over, "ben", "Ann")]).toEqual([0, null]);
  });

  it("say when another device was faster, and who missed whom", () => {
    const [rings] = heard("ben", [ring]);
    const words = (reason: "answered_elsewhere" | "cancelled" | "declined") => {
      const [, over] = heard("ben", [{ type: "ended", call: "1", reason }], rings);
      return over && wordsOf(over, "ben", "Ann");
    };
    expect(words("answered_elsewhere")).toBe("The call was answered on another device.");
    expect(words("cancelled")).toBe("You missed a call from Ann.");
    expect(words("declined")).toBeNull();
    // Who never heard of it is told nothing of its end.
    expect(heard("ben", [{ type: "ended", call: "2", reason: "missed" }], rings)).toEqual([rings, null]);
  });

  it("tell the caller why nobody comes", () => {
    const begun = [asked("1", "ann", "c", true)];
    const [calling] = heard("ann", [{ type: "calling", ...info, video: true }], begun);
    expect(calling).toMatchObject([{ phase: "calling", video: true }]);
    for (const [reason, words] of [
      ["busy", "Ben cannot be reached at the moment."],
      ["declined", "Ben declined."],
      ["missed", "Ben did not answer."],
      ["cancelled", null],
    ] as const) {
      const [, over] = heard("ann", [{ type: "ended", call: "1", reason }], calling);
      expect(over && wordsOf(over, "ann", "Ben")).toBe(words);
    }
    const refused = { type: "refused", call: "1", code: "blocked", detail: "You have blocked this person." } as const;
    const [none, over] = heard("ann", [refused], begun);
    expect([none, over && wordsOf(over, "ann", "Ben")]).toEqual([[], "You have blocked this person."]);
  });

  it("are put aside, here and by others", () => {
    const [talks] = heard("ben", [{ type: "join", ...info }]);
    const [held] = heard(
      "ben",
      [
        { type: "held", call: "1", user: "ben", on: true },
        { type: "held", call: "1", user: "ann", on: true },
        { type: "held", call: "1", user: "ann", on: true },
      ],
      talks,
    );
    expect(held).toMatchObject([{ held: true, heldBy: ["ann"] }]);
    // Told again after a lost connection, it is still put aside.
    expect(heard("ben", [{ type: "join", ...info }], held)[0]).toMatchObject([{ held: true, since: 5_000 }]);
    const [back] = heard("ben", [{ type: "held", call: "1", user: "ann", on: false }], held);
    expect(back).toMatchObject([{ held: true, heldBy: [] }]);
  });

  it("do not end because something else is refused", () => {
    const [talks] = heard("ben", [{ type: "join", ...info }]);
    const refused = (code: string): CallTold => ({ type: "refused", call: "1", code, detail: "" });
    expect(heard("ben", [refused("rate_limited")], talks)[0]).toEqual(talks);
    expect(heard("ben", [refused("no_such_call")], talks)[0]).toEqual([]);
  });

  it("do not ring for ever when the word of their end is lost", () => {
    const [rings] = heard("ben", [ring]);
    expect(expire(rings, 46_000)).toBe(rings);
    expect(expire(rings, 48_000)).toEqual([]);
  });
});

it("a call's length is read as on a telephone", () => {
  expect([0, 61_500, 3_600_000].map(duration)).toEqual(["00:00", "01:01", "1:00:00"]);
});
