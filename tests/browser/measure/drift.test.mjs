// What counts as drift, and what does not.
import { expect, test } from "vitest";
import { between, broken, judge, middle, table, WATCHED } from "./drift.mjs";

const PEOPLE = ["Ann", "Bob"];
const STEADY = {
  ...{ server_mb: 40, renderers_mb: 300, heap_mb: 12, round_trip_ms: 1, signaling_ms: 2, video_delay_ms: 40 },
  ...{ audio_delay_ms: 60, lost_percent: 0, concealed_percent: 0.2, frames_per_second: 20 },
};

/** A call of half an hour; `change` says what one of the figures is, `share` (0 to 1) of the call being over. */
function call(figure, change, who = undefined) {
  return Array.from({ length: 180 }, (_, number) => {
    const share = number / 179;
    const figures = (name) =>
      figure !== undefined && (who === undefined || who === name) ? { ...STEADY, [figure]: change(share, number) } : STEADY;
    const of = Object.fromEntries(["server", "pages", ...PEOPLE].map((name) => [name, figures(name)]));
    return { at: number * 10, of };
  });
}

const wrongIn = (readings, more = {}) => judge(readings, { people: PEOPLE, ...more }).wrong;

test("a call that stays as it was has no drift, and one that goes up and down has none", () => {
  expect(wrongIn(call())).toEqual([]);
  const wave = (size) => (_, number) => size * (number % 2);
  expect(wrongIn(call("server_mb", (share, number) => 40 + wave(20)(share, number)))).toEqual([]);
  expect(wrongIn(call("video_delay_ms", (share, number) => 40 + wave(200)(share, number)))).toEqual([]);
});

test("every figure that is watched is found when it drifts, in the server's, the pages' and either person's readings", () => {
  for (const { figure, of, grows, falls } of WATCHED) {
    // Between the middles of the two thirds lie two thirds of what counts, so twice the limit over a call is well beyond it there.
    const change = (share) =>
      grows === undefined ? STEADY[figure] * (1 - 2 * falls * share) : STEADY[figure] + 2 * grows * share;
    for (const who of of === "person" ? PEOPLE : [of]) {
      const found = wrongIn(call(figure, change, who));
      expect(found, figure).toHaveLength(1);
      expect(found[0]).toMatch(grows === undefined ? / fell from / : / grew from /);
      if (of === "person") expect(found[0]).toMatch(new RegExp(`^${who}: `));
    }
  }
});

test("half of a limit is no drift yet", () => {
  for (const { figure, grows, falls } of WATCHED) {
    const change = (share) =>
      grows === undefined ? STEADY[figure] * (1 - (falls / 2) * share) : STEADY[figure] + (grows / 2) * share;
    expect(wrongIn(call(figure, change)), figure).toEqual([]);
  }
});

test("what was bad from the beginning on is no drift, and yet wrong", () => {
  expect(wrongIn(call("lost_percent", () => 3, "Bob"))).toEqual(["Bob: packets lost was 3 %, more than 1 %."]);
  expect(wrongIn(call("frames_per_second", () => 2, "Ann"))).toEqual(["Ann: pictures a second was 2, less than 5."]);
});

test("a short burst of loss is seen, though most readings have none", () => {
  const burst = (_, number) => (number > 170 && number < 175 ? 60 : 0);
  expect(wrongIn(call("lost_percent", burst, "Ann"))).toHaveLength(1);
});

test("what happens while a call warms up does not count", () => {
  expect(wrongIn(call("server_mb", (_, number) => (number < 12 ? 10 : 40)))).toEqual([]);
});

test("what could not be measured is never taken for good", () => {
  expect(wrongIn(call("heap_mb", () => null, "Ann"))).toEqual(["Ann: page's heap could not be measured."]);
  expect(wrongIn(call("round_trip_ms", (share) => (share > 0.5 ? Number.NaN : 1), "Bob"))).toHaveLength(1);
  expect(wrongIn(call().slice(0, 18))).toEqual(["The call was too short to say anything."]);
  expect(wrongIn([])).toHaveLength(1);
});

const COUNTED = {
  ...{ at: 70_000, connection: 1, state: "connected", signaling: [3, 1, 2], trips: { seconds: 0.5, count: 100 } },
  video: { received: 1_000, lost: 0, frames: 200, samples: 0, concealed: 0, delay: 8, left: 200 },
  audio: { received: 500, lost: 2, frames: 0, samples: 480_000, concealed: 4_800, delay: 28_800, left: 480_000 },
};
const LATER = {
  ...{ at: 80_000, connection: 1, state: "connected", signaling: [4], trips: { seconds: 0.54, count: 110 } },
  video: { received: 1_990, lost: 10, frames: 400, samples: 0, concealed: 0, delay: 18, left: 400 },
  audio: { received: 1_000, lost: 2, frames: 0, samples: 960_000, concealed: 9_600, delay: 57_600, left: 960_000 },
};

test("figures are what happened between two readings, not since the beginning", () => {
  const figures = between(COUNTED, LATER);
  expect(figures.round_trip_ms).toBeCloseTo(4);
  expect(figures.signaling_ms).toBe(4);
  expect(figures.video_delay_ms).toBeCloseTo(50);
  expect(figures.audio_delay_ms).toBeCloseTo(60);
  expect(figures.lost_percent).toBeCloseTo((10 / 1_500) * 100);
  expect(figures.concealed_percent).toBeCloseTo(1);
  expect(figures.frames_per_second).toBe(20);
  const { round_trip_ms, video_delay_ms, lost_percent, concealed_percent, frames_per_second } = between(LATER, { ...LATER, at: 90_000 });
  expect([round_trip_ms, video_delay_ms, lost_percent, concealed_percent]).toEqual([null, null, null, null]);
  expect(frames_per_second).toBe(0);
});

test("a call that broke is told from one that goes on, by its first sign", () => {
  expect(broken("Ann", COUNTED, LATER)).toBeNull();
  expect(broken("Ann", COUNTED, { ...LATER, state: "disconnected" })).toBe("The connection of Ann is disconnected.");
  expect(broken("Ann", COUNTED, { ...LATER, connection: 2 })).toMatch("another one was made");
  expect(broken("Ann", COUNTED, { ...LATER, video: COUNTED.video })).toBe("No more pictures reach Ann.");
  expect(broken("Bob", COUNTED, { ...LATER, audio: COUNTED.audio })).toBe("No more sound reaches Bob.");
});

test("the middle of values is the one in the middle, or between two", () => {
  expect(middle([5, 1, 3])).toBe(3);
  expect(middle([4, 1, 3, 2])).toBe(2.5);
  expect(middle([7])).toBe(7);
});

test("the table has a row for each figure, with its drift and its limit", () => {
  const { rows } = judge(call("server_mb", (share) => 40 + 30 * share), { people: PEOPLE });
  const [head, server, ...rest] = table(rows).split("\n");
  expect(head).toMatch(/^ +first third +last third +drift +limit$/);
  expect(server).toMatch(/^server: memory +46\.6 MB +65\.4 MB +\+18\.8 MB +\+5 MB +WRONG$/);
  expect(rest.every((line) => line.endsWith("ok"))).toBe(true);
});
