import { expect, test } from "vitest";
import { arrange, columns, personKey, place, type Rect, screenKey, tilesOf } from "./layout";
import { type Room, roomOf } from "./room";
import type { TrackInfo } from "./wire";

/** Three people, of whom this device is the first. */
function room(over: Partial<Room> = {}, screens: number[] = []): Room {
  const peers = [1, 2, 3].map((peer) => ({
    ...{ peer, name: `P${peer}`, role: "participant" as const, state: "here" as const, hand: false },
  }));
  const tracks: TrackInfo[] = screens.map((peer, at) => ({
    ...{ track: at, peer, cid: `${at}`, source: "screen" as const, muted: false },
  }));
  const joined = { ...{ type: "joined" as const, self: 1, room: "abc-defg-hjk", session: "s", mode: "mesh" as const } };
  const ice = { servers: [], ttl_seconds: 60 };
  return { ...roomOf({ ...joined, locked: false, peers, tracks, speakers: [], knocks: [], ice }), ...over };
}

const large = (it: Room, view: "grid" | "speaker", pinned: string | null = null, last: string | null = null) =>
  arrange(it, view, pinned, last).stage?.key ?? null;

test("in the grid all are alike, until something is pinned or another shows a screen", () => {
  expect(large(room(), "grid")).toBeNull();
  expect(large(room(), "grid", personKey(3))).toBe(personKey(3));
  expect(large(room({}, [2]), "grid")).toBe(screenKey(2));
  expect(large(room({}, [2]), "grid", personKey(3))).toBe(personKey(3));
});

test("one's own screen is not large by itself", () => {
  expect(large(room({}, [1]), "grid")).toBeNull();
  expect(large(room({}, [1]), "speaker")).toBe(personKey(2));
  expect(large(room({}, [1]), "grid", screenKey(1))).toBe(screenKey(1));
});

test("the screen that was shown last is the one to see", () => {
  expect(large(room({}, [2, 3]), "grid")).toBe(screenKey(3));
});

test("who speaks is large, and stays so until another does", () => {
  expect(large(room({ speakers: [3, 2] }), "speaker")).toBe(personKey(3));
  expect(large(room({ speakers: [1, 2] }), "speaker")).toBe(personKey(2));
  expect(large(room(), "speaker", null, personKey(3))).toBe(personKey(3));
  expect(large(room({ speakers: [1] }), "speaker", null, personKey(3))).toBe(personKey(3));
});

test("what is pinned and gone is forgotten, and whoever is alone is not small", () => {
  expect(large(room(), "grid", screenKey(2))).toBeNull();
  const alone = room({ peers: new Map([...room().peers].slice(0, 1)) });
  expect(large(alone, "speaker")).toBeNull();
  expect(large(alone, "grid", personKey(1))).toBeNull();
});

test("no tile is lost or there twice", () => {
  const it = room({}, [2]);
  const { stage, rest } = arrange(it, "speaker", null, null);
  expect([stage, ...rest].map((tile) => tile?.key).sort()).toEqual(
    tilesOf(it)
      .map(({ key }) => key)
      .sort(),
  );
});

test("columns follow the place: a phone held upright has one, a wide screen many", () => {
  expect(columns(2, 360, 640)).toBe(1);
  expect(columns(2, 1200, 600)).toBe(2);
  expect(columns(4, 1200, 700)).toBe(2);
  expect(columns(6, 360, 640)).toBe(2);
  expect(columns(1, 1200, 700)).toBe(1);
  expect(columns(3, 0, 0)).toBe(1);
});

function many(count: number) {
  const tiles = Array.from({ length: count }, (_, peer) => ({ key: personKey(peer), kind: "person" as const, peer }));
  return { stage: null, rest: tiles };
}

const overlap = (one: Rect, two: Rect) =>
  one.x + one.width > two.x + 0.5 &&
  two.x + two.width > one.x + 0.5 &&
  one.y + one.height > two.y + 0.5 &&
  two.y + two.height > one.y + 0.5;

test.each([
  [1, 1200, 700],
  [5, 1200, 700],
  [7, 360, 600],
  [12, 900, 300],
])("%i tiles in %i by %i stand beside each other and inside", (count, width, height) => {
  for (const arrangement of [
    many(count),
    { stage: { key: "s", kind: "screen" as const, peer: 0 }, rest: many(count).rest },
  ]) {
    const rects = [...place(arrangement, width, height).values()];
    expect(rects).toHaveLength(arrangement.rest.length + (arrangement.stage === null ? 0 : 1));
    for (const [at, rect] of rects.entries()) {
      expect(rect.x).toBeGreaterThanOrEqual(-0.5);
      expect(rect.x + rect.width).toBeLessThanOrEqual(width + 0.5);
      for (const other of rects.slice(at + 1)) expect(overlap(rect, other)).toBe(false);
    }
  }
});

test("what is large has most of the place, beside the others or above them", () => {
  const three = { stage: { key: "s", kind: "screen" as const, peer: 0 }, rest: many(3).rest };
  const wide = place(three, 1200, 700).get("s") as Rect;
  expect(wide.width).toBeGreaterThan(900);
  expect(wide.height).toBe(700);
  const upright = place(three, 360, 600).get("s") as Rect;
  expect(upright.width).toBe(360);
  expect(upright.height).toBeGreaterThan(400);
});
