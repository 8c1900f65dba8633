/** The page's seat in a room, also over connections that lose, double, reorder and break. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Link, OUTBOX_LIMIT } from "./link";
import { Signal, type SignalOutput } from "./signal";
import type { ClientMessage, Joined, RoomMessage, Said, Told } from "./wire";

const ROOM = "abc-defg-hjk";

function joined(session = "key"): Joined {
  const ice = { servers: [], ttl_seconds: 60 };
  const nobody = { peers: [], tracks: [], speakers: [], knocks: [] };
  return { type: "joined", self: 2, room: ROOM, session, mode: "mesh", locked: false, ...nobody, ice };
}

function sent(outputs: SignalOutput[]): ClientMessage[] {
  return outputs.flatMap((output) => (output.type === "send" ? [output.message] : []));
}

function told(outputs: SignalOutput[]): Told[] {
  return outputs.flatMap((output) => (output.type === "told" ? [output.body] : []));
}

/** Somebody who is in, at the moment 0. */
function inside(): Signal {
  const signal = new Signal({ room: ROOM });
  signal.handle(0, { type: "connected" });
  signal.handle(0, { type: "heard", message: { seq: 1, ack: 0, ...joined() } });
  return signal;
}

const hear = (signal: Signal, now: number, message: RoomMessage) => signal.handle(now, { type: "heard", message });
const hand = (up: boolean): Said => ({ type: "hand", up });

test("what comes twice or early is handed on once and in order", () => {
  const link = new Link<never, string>();
  expect(link.hear(0, 2, "b")).toEqual([]);
  expect(link.hear(0, 1, "a")).toEqual(["a", "b"]);
  expect(link.hear(0, 2, "b")).toEqual([]);
  expect(link.hear(0, 900, "z")).toEqual([]);
  expect(link.seen).toBe(2);
});

test("what is not acknowledged is said again ever more slowly", () => {
  const link = new Link<string, never>();
  link.say(0, "a");
  expect(link.due(999).again).toEqual([]);
  expect(link.due(1_000).again).toEqual([[1, "a"]]);
  expect(link.nextDue).toBe(3_000);
  link.acked(2_000, 7);
  expect(link.waiting).toBe(1);
  link.acked(2_000, 1);
  expect([link.waiting, link.nextDue]).toEqual([0, null]);
});

test("an acknowledgement goes alone only when nothing was said", () => {
  const link = new Link<string, string>();
  link.hear(0, 1, "x");
  expect(link.due(249).ack).toBe(false);
  expect(link.due(250).ack).toBe(true);
  link.hear(1_000, 2, "y");
  link.say(1_000, "a");
  expect(link.due(1_300).ack).toBe(false);
});

test("whatever is lost, doubled and reordered, all is heard once and in order", () => {
  const faults = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.nat()), { maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 150 }), faults, (count, given) => {
      const faults = [...given];
      const [here, there] = [new Link<number, number>(), new Link<number, number>()];
      const air: (readonly [number, number])[] = [];
      const heard: number[] = [];
      const all = Array.from({ length: count }, (_, body) => body);
      for (const body of all) air.push([here.say(0, body) as number, body]);
      let now = 0;
      for (let turn = 0; turn < 10_000 && (heard.length < count || here.waiting > 0); turn += 1) {
        if (air.length === 0) {
          now += 250;
          air.push(...here.due(now).again);
          if (there.due(now).ack) here.acked(now, there.seen);
          continue;
        }
        const [fault, where] = faults.shift() ?? [0, 0];
        const at = where % air.length;
        const [one] = fault === 2 ? air.slice(at, at + 1) : air.splice(at, 1);
        if (one === undefined) continue;
        if (fault === 2) air.push(one);
        else if (fault !== 1) heard.push(...there.hear(now, one[0], one[1]));
      }
      expect(heard).toEqual(all);
      expect(here.waiting).toBe(0);
    }),
  );
});

test("one asks once a second until one is answered", () => {
  const signal = new Signal({ room: ROOM, name: "Bo" });
  const [first] = sent(signal.handle(0, { type: "connected" }));
  expect(first).toEqual({ seq: 0, ack: 0, type: "join", id: "join", room: ROOM, name: "Bo" });
  expect(signal.nextDue).toBe(1_000);
  expect(sent(signal.handle(1_000, { type: "tick" }))).toEqual([first]);
  const answer = hear(signal, 1_500, { seq: 1, ack: 0, type: "waiting", self: 2, session: "key" });
  expect(told(answer)).toEqual([{ type: "waiting", self: 2, session: "key" }]);
  // Nothing is asked any more; what was heard is acknowledged.
  expect(signal.nextDue).toBe(1_750);
  expect(sent(signal.handle(1_750, { type: "tick" }))).toEqual([{ seq: 0, ack: 1, type: "ack" }]);
});

test("what is said has numbers, what was heard with it, and is repeated under the same number", () => {
  const signal = inside();
  expect(sent(signal.handle(10, { type: "say", body: hand(true), id: "x" }))).toEqual([
    { seq: 1, ack: 1, id: "x", type: "hand", up: true },
  ]);
  signal.handle(20, { type: "say", body: hand(false) });
  expect(sent(signal.handle(1_010, { type: "tick" })).map(({ seq }) => seq)).toEqual([1, 2]);
  hear(signal, 1_020, { seq: 0, ack: 1, type: "ack" });
  expect(sent(signal.handle(2_020, { type: "tick" })).map(({ seq }) => seq)).toEqual([2]);
});

test("who comes back names what they have, and says again what the room has not", () => {
  const signal = inside();
  hear(signal, 0, { seq: 2, ack: 0, type: "lock", on: true });
  signal.handle(5, { type: "disconnected" });
  expect(signal.nextDue).toBeNull();
  // Said without a connection: it waits for the next one.
  expect(signal.handle(6, { type: "say", body: hand(true) })).toEqual([]);
  const [join] = sent(signal.handle(2_000, { type: "connected" }));
  expect(join).toMatchObject({ type: "join", resume: { session: "key", last_seq: 2, attempt: 2 } });
  const back = hear(signal, 2_050, { seq: 0, ack: 0, type: "resumed" });
  expect(sent(back)).toEqual([{ seq: 1, ack: 2, type: "hand", up: true }]);
  expect(hear(signal, 2_060, { seq: 0, ack: 0, type: "resumed" })).toEqual([]);
  const missed = hear(signal, 2_070, { seq: 3, ack: 1, type: "ice_refresh", ice: { servers: [], ttl_seconds: 60 } });
  expect(told(missed)).toHaveLength(1);
});

test("a connection that is lost before the answer begins from nothing", () => {
  const signal = new Signal({ room: ROOM });
  signal.handle(0, { type: "connected" });
  // The answer itself is lost; only what came after it is here.
  hear(signal, 1, { seq: 2, ack: 0, type: "lock", on: true });
  signal.handle(2, { type: "disconnected" });
  const [join] = sent(signal.handle(3, { type: "connected" }));
  expect(join).not.toHaveProperty("resume");
  expect(told(hear(signal, 4, { seq: 1, ack: 0, ...joined("other") }))).toHaveLength(1);
});

test("a refusal ends it, and what the server cannot see now does not", () => {
  const signal = new Signal({ room: ROOM });
  signal.handle(0, { type: "connected" });
  const answer = { type: "failed", id: "join", detail: "…" } as const;
  expect(signal.handle(1, { ...answer, code: "unavailable" })).toEqual([]);
  expect(signal.handle(1, { ...answer, id: 7, code: "not_a_member" })).toEqual([]);
  const error = { seq: 0, ack: 0, type: "error", code: "locked", detail: "Ask." } as const;
  expect(hear(signal, 2, error)).toEqual([{ type: "refused", code: "locked", detail: "Ask." }]);
  expect(signal.isOver).toBe(true);
  expect(signal.handle(3, { type: "tick" })).toEqual([]);
});

test("an error about something that was said inside is news, and ends nothing", () => {
  const signal = inside();
  const error = { seq: 2, ack: 0, type: "error", code: "not_allowed", detail: "Only the host." } as const;
  expect(told(hear(signal, 1, error))).toEqual([{ type: "error", code: "not_allowed", detail: "Only the host." }]);
  expect(signal.isOver).toBe(false);
});

test("a room that is gone while one comes back is a refusal, and too many questions are not", () => {
  const signal = inside();
  signal.handle(1, { type: "disconnected" });
  signal.handle(2, { type: "connected" });
  const error = { seq: 0, ack: 0, type: "error", detail: "…" } as const;
  expect(hear(signal, 3, { ...error, code: "rate_limited" })).toEqual([]);
  expect(hear(signal, 4, { ...error, code: "no_such_room" })).toEqual([
    { type: "refused", code: "no_such_room", detail: "…" },
  ]);
});

test("a room that does not know this connection is asked for the seat again, once", () => {
  const signal = inside();
  const leave = { seq: 0, ack: 0, type: "leave", reason: "not_here", action: "resume" } as const;
  expect(sent(hear(signal, 5, leave))).toMatchObject([{ type: "join", resume: { session: "key", attempt: 1 } }]);
  expect(hear(signal, 6, leave)).toEqual([]);
});

test("it is over as the room says, in order with what it said before", () => {
  const signal = inside();
  const leave = { type: "leave", reason: "removed", action: "disconnect" } as const;
  expect(hear(signal, 1, { seq: 3, ack: 0, ...leave })).toEqual([]);
  const outputs = hear(signal, 2, { seq: 2, ack: 0, type: "lock", on: true });
  expect(outputs).toEqual([
    { type: "told", body: { type: "lock", on: true } },
    { type: "over", reason: "removed", again: false },
  ]);
});

test("the room hears something every ten seconds", () => {
  const signal = inside();
  signal.handle(250, { type: "tick" });
  expect(signal.nextDue).toBe(10_000);
  expect(sent(signal.handle(10_000, { type: "tick" }))).toEqual([{ seq: 0, ack: 1, type: "ping" }]);
  expect(signal.nextDue).toBe(20_000);
});

test("a room that takes nothing does not fill the memory", () => {
  const signal = inside();
  let last: SignalOutput[] = [];
  for (let said = 0; said <= OUTBOX_LIMIT; said += 1) last = signal.handle(0, { type: "say", body: hand(true) });
  expect(last).toEqual([{ type: "over", reason: "too_slow", again: true }]);
});
