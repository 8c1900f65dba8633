import { expect, test } from "vitest";
import { newsOf } from "./news";
import { type Room, roomOf } from "./room";
import type { PeerInfo, RoomRole } from "./wire";

function person(peer: number, over: Partial<PeerInfo> = {}): PeerInfo {
  return { peer, name: peer === 1 ? "Ann" : "Bo", role: "participant", state: "here", hand: false, ...over };
}

function room(role: RoomRole = "participant"): Room {
  return roomOf({
    ...{ type: "joined", self: 1, room: "abc-defg-hjk", session: "s", mode: "mesh", locked: false, tracks: [] },
    ...{ peers: [person(1), person(2, { role })], speakers: [], knocks: [], ice: { servers: [], ttl_seconds: 60 } },
  });
}

const update = (peer: PeerInfo, before = room()) => newsOf(before, { type: "peer_update", ...peer });

test("who comes, leaves and raises a hand is said", () => {
  expect(update(person(3, { name: "Cem" }))).toBe("Cem came in.");
  expect(update(person(3, { name: "Bo", role: "guest" }))).toBe("Bo (guest) came in.");
  expect(update(person(2, { state: "left" }))).toBe("Bo left.");
  expect(update(person(2, { hand: true }))).toBe("Bo raised a hand.");
  expect(update(person(2, { state: "away" }))).toBeNull();
  expect(update(person(9, { state: "left" }))).toBeNull();
});

test("the meeting's new host is named, and hears it", () => {
  expect(update(person(2, { role: "host" }))).toBe("Bo is the host now.");
  expect(update(person(1, { role: "host" }))).toBe("You are the host now.");
  expect(update(person(2, { role: "co_host" }), room("host"))).toBeNull();
  expect(update(person(2, { role: "participant" }), room("co_host"))).toBe("Bo is not a co-host any more.");
});

test("one's own screen is no news, another's is, once", () => {
  const track = { type: "track_published", track: 4, cid: "c", source: "screen", muted: false } as const;
  expect(newsOf(room(), { ...track, peer: 2 })).toBe("Bo shows their screen.");
  expect(newsOf(room(), { ...track, peer: 1 })).toBeNull();
  const there = room();
  expect(newsOf({ ...there, tracks: new Map([[4, { ...track, peer: 2 }]]) }, { ...track, peer: 2 })).toBeNull();
});

test("a lock is said when it changes", () => {
  expect(newsOf(room(), { type: "lock", on: true })).toMatch(/locked/);
  expect(newsOf(room(), { type: "lock", on: false })).toBeNull();
});
