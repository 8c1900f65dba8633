import { expect, test } from "vitest";
import { apply, looksAfter, roomOf } from "./room";
import type { Joined, PeerInfo, Told } from "./wire";

const ann: PeerInfo = { peer: 1, user_id: "a", name: "Ann", role: "host", state: "here", hand: false };
const bo: PeerInfo = { peer: 2, name: "Bo", role: "guest", state: "here", hand: false };
const camera = { track: 1, peer: 2, cid: "x", source: "camera", muted: false } as const;
const joined: Joined = {
  ...{ type: "joined", self: 1, room: "abc-defg-hjk", session: "key", mode: "mesh", locked: false },
  ...{ peers: [ann, bo], tracks: [camera], speakers: [2, 1], knocks: [] },
  ice: { servers: [], ttl_seconds: 60 },
};

const after = (...told: Told[]) => told.reduce(apply, roomOf(joined));

test("who leaves takes along what was theirs", () => {
  const room = after({ type: "peer_update", ...bo, state: "left" });
  expect([...room.peers.keys()]).toEqual([1]);
  expect(room.tracks.size).toBe(0);
  expect(room.speakers).toEqual([1]);
});

test("a track is there once, as it was told last", () => {
  const room = after({ type: "track_published", ...camera, muted: true });
  expect([...room.tracks.values()]).toEqual([{ ...camera, muted: true }]);
  expect(apply(room, { type: "track_unpublished", track: 1 }).tracks.size).toBe(0);
});

test("those before the door come and go", () => {
  const room = after({ type: "knock", peer: 3, name: "Cy" });
  expect([...room.knocks.values()]).toEqual([{ peer: 3, name: "Cy" }]);
  expect(apply(room, { type: "knock_ended", peer: 3 }).knocks.size).toBe(0);
});

test("host and co-hosts look after a room", () => {
  expect(looksAfter(after())).toBe(true);
  expect(looksAfter(after({ type: "peer_update", ...ann, role: "co_host" }))).toBe(true);
  expect(looksAfter(after({ type: "peer_update", ...ann, role: "participant" }))).toBe(false);
});

test("what is not known changes nothing", () => {
  const room = roomOf(joined);
  expect(apply(room, { type: "new_thing" } as unknown as Told)).toBe(room);
});

test("hands are in the order in which they were raised", () => {
  const up = (peer: PeerInfo, hand: boolean): Told => ({ type: "peer_update", ...peer, hand });
  expect(after(up(bo, true), up(ann, true)).hands).toEqual([2, 1]);
  expect(after(up(bo, true), up(ann, true), up(bo, true)).hands).toEqual([2, 1]);
  expect(after(up(bo, true), up(ann, true), up(bo, false)).hands).toEqual([1]);
  expect(after(up(bo, true), { type: "peer_update", ...bo, state: "left" }).hands).toEqual([]);
});
