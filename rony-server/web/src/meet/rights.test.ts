import { expect, test } from "vitest";
import { rightsOver } from "./rights";
import type { Room } from "./room";
import type { PeerInfo, RoomRole } from "./wire";

const ROLES: RoomRole[] = ["host", "co_host", "participant", "guest"];

function person(peer: number, role: RoomRole): PeerInfo {
  return { peer, name: `P${peer}`, role, state: "here", hand: false };
}

function over(mine: RoomRole, theirs: RoomRole, self = false) {
  const [me, other] = [person(1, mine), person(self ? 1 : 2, theirs)];
  const peers = new Map([me, other].map((it) => [it.peer, it]));
  return rightsOver({ self: 1, peers } as unknown as Room, other);
}

test("only who stands above somebody mutes and removes them", () => {
  const allowed = ROLES.flatMap((mine) => ROLES.filter((theirs) => over(mine, theirs).mute).map((it) => [mine, it]));
  expect(allowed).toEqual([
    ["host", "co_host"],
    ["host", "participant"],
    ["host", "guest"],
    ["co_host", "participant"],
    ["co_host", "guest"],
  ]);
  for (const mine of ROLES) for (const theirs of ROLES) expect(over(mine, theirs).remove).toBe(over(mine, theirs).mute);
});

test("only the host gives roles, and never to a guest", () => {
  for (const theirs of ROLES) {
    expect(over("co_host", theirs)).toMatchObject({ makeCoHost: false, unmakeCoHost: false, handOver: false });
    expect(over("host", theirs).makeCoHost).toBe(theirs === "participant");
    expect(over("host", theirs).unmakeCoHost).toBe(theirs === "co_host");
  }
  expect(over("host", "guest").handOver).toBe(false);
});

test("nobody looks after themselves, and people without a role look after nobody", () => {
  for (const role of ROLES) expect(Object.values(over(role, role, true))).not.toContain(true);
  for (const role of ["participant", "guest"] as const)
    for (const theirs of ROLES) expect(Object.values(over(role, theirs))).not.toContain(true);
});
