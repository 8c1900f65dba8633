/** What one may do to others in a meeting. The server decides; this only spares people buttons that would be refused. */
import type { Room } from "./room";
import type { PeerInfo, RoomRole } from "./wire";

export interface Rights {
  mute: boolean;
  /** Ask to switch on; whoever is asked decides. */
  ask: boolean;
  lowerHand: boolean;
  remove: boolean;
  makeCoHost: boolean;
  unmakeCoHost: boolean;
  handOver: boolean;
}

const RANK: Record<RoomRole, number> = { guest: 0, participant: 1, co_host: 2, host: 3 };

/** The words for what somebody is. */
export const ROLE: Record<RoomRole, string> = {
  host: "Host",
  co_host: "Co-host",
  participant: "",
  guest: "Guest",
};

export function rightsOver(room: Room, other: PeerInfo): Rights {
  const mine = room.peers.get(room.self)?.role ?? "guest";
  const self = other.peer === room.self;
  const looks = RANK[mine] >= RANK.co_host && !self;
  const above = looks && RANK[mine] > RANK[other.role];
  const host = mine === "host" && !self;
  return {
    mute: above,
    ask: looks,
    lowerHand: looks,
    remove: above,
    makeCoHost: host && other.role === "participant",
    unmakeCoHost: host && other.role === "co_host",
    handOver: host && (other.role === "participant" || other.role === "co_host"),
  };
}

export function mayEnd(room: Room): boolean {
  return room.peers.get(room.self)?.role === "host";
}
