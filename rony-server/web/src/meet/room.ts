/** The room as this device sees it: what `joined` said, and all that has changed since. */
import type { Joined, Knock, Level, Mode, PeerId, PeerInfo, Told, TrackId, TrackInfo } from "./wire";

export interface Room {
  self: PeerId;
  mode: Mode;
  locked: boolean;
  peers: ReadonlyMap<PeerId, PeerInfo>;
  tracks: ReadonlyMap<TrackId, TrackInfo>;
  /** The last to begin comes first. */
  speakers: readonly PeerId[];
  knocks: ReadonlyMap<PeerId, Knock>;
  /** Whose hands are up, the first to raise it first; of those that were up before one came, as they came in. */
  hands: readonly PeerId[];
  quality: ReadonlyMap<PeerId, Level>;
}

export function roomOf(joined: Joined): Room {
  return {
    self: joined.self,
    mode: joined.mode,
    locked: joined.locked,
    peers: new Map(joined.peers.map((peer) => [peer.peer, peer])),
    tracks: new Map(joined.tracks.map((track) => [track.track, track])),
    speakers: joined.speakers,
    knocks: new Map(joined.knocks.map((knock) => [knock.peer, knock])),
    hands: joined.peers.filter(({ hand }) => hand).map(({ peer }) => peer),
    quality: new Map(),
  };
}

/** The room after something was said in it; the same one where that changed nothing to be seen. */
export function apply(room: Room, told: Told): Room {
  switch (told.type) {
    case "joined":
      return roomOf(told);
    case "peer_update": {
      const { type: _, ...peer } = told;
      if (peer.state === "left") return without(room, peer.peer);
      return { ...room, peers: put(room.peers, peer.peer, peer), hands: hands(room.hands, peer) };
    }
    case "track_published": {
      const { type: _, ...track } = told;
      return { ...room, tracks: put(room.tracks, track.track, track) };
    }
    case "track_unpublished":
      return { ...room, tracks: drop(room.tracks, told.track) };
    case "speakers":
      return { ...room, speakers: told.peers };
    case "quality":
      return { ...room, quality: put(room.quality, told.peer, told.level) };
    case "knock": {
      const { type: _, ...knock } = told;
      return { ...room, knocks: put(room.knocks, knock.peer, knock) };
    }
    case "knock_ended":
      return { ...room, knocks: drop(room.knocks, told.peer) };
    case "lock":
      return { ...room, locked: told.on };
    case "mode_change":
      return { ...room, mode: told.mode };
    default:
      return room;
  }
}

/** Whether this device may let people in. */
export function looksAfter(room: Room): boolean {
  const role = room.peers.get(room.self)?.role;
  return role === "host" || role === "co_host";
}

function hands(before: readonly PeerId[], { peer, hand }: PeerInfo): readonly PeerId[] {
  if (before.includes(peer) === hand) return before;
  return hand ? [...before, peer] : before.filter((other) => other !== peer);
}

/** Somebody has left, and nothing of theirs stays. */
function without(room: Room, peer: PeerId): Room {
  return {
    ...room,
    peers: drop(room.peers, peer),
    tracks: new Map([...room.tracks].filter(([, track]) => track.peer !== peer)),
    speakers: room.speakers.filter((speaker) => speaker !== peer),
    hands: room.hands.filter((other) => other !== peer),
    quality: drop(room.quality, peer),
  };
}

function put<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

function drop<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
