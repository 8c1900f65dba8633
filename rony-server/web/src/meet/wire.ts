/** What is said in a room; docs/GATEWAY.md describes it. */

/** A peer's number in its room. */
export type PeerId = number;
export type TrackId = number;

export type Source = "microphone" | "camera" | "screen" | "screen_audio";
export type Level = "good" | "fair" | "poor";
/** Which picture of a track is needed. */
export type Quality = "off" | "low" | "medium" | "high";
export type RoomRole = "host" | "co_host" | "participant" | "guest";
export type Mode = "mesh" | "sfu";

export interface PeerInfo {
  peer: PeerId;
  /** Absent for guests. */
  user_id?: string;
  name: string;
  role: RoomRole;
  state: "here" | "away" | "left";
  hand: boolean;
}

export interface TrackInfo {
  track: TrackId;
  peer: PeerId;
  /** The id of the stream by which it arrives. */
  cid: string;
  source: Source;
  muted: boolean;
}

/** Somebody who waits before the door. */
export interface Knock {
  peer: PeerId;
  user_id?: string;
  name: string;
}

export interface IceGrant {
  servers: RTCIceServer[];
  ttl_seconds: number;
}

/** What two peers tell each other to connect. */
export type Description =
  | { type: "offer"; nid: number; sdp: string }
  | { type: "answer"; nid: number; sdp: string }
  | { type: "trickle"; nid: number; candidate?: RTCIceCandidateInit; final: boolean };

export type Moderate =
  | { action: "admit" | "deny" | "kick" | "lower_hand"; peer: PeerId }
  | { action: "mute" | "ask_unmute"; peer: PeerId; source: Source }
  | { action: "lock"; on: boolean }
  | { action: "role"; peer: PeerId; role: RoomRole }
  | { action: "end" };

/** What is numbered, arrives once, and in order. */
export type Said =
  | (Description & { target: PeerId })
  | { type: "track_add"; cid: string; source: Source; muted: boolean }
  | { type: "track_remove"; source: Source }
  | { type: "mute"; source: Source; muted: boolean }
  | { type: "screen"; on: boolean }
  | { type: "hand"; up: boolean }
  | { type: "reaction"; emoji: string }
  | { type: "speaking"; on: boolean }
  | { type: "quality"; level: Level }
  | { type: "subscribe"; track: TrackId; quality: Quality }
  | { type: "chat"; text: string; client_id: string }
  | ({ type: "moderate" } & Moderate)
  | { type: "leave" };

export interface Join {
  room: string;
  /** What a guest is called. */
  name?: string;
  password?: string;
}

export interface Resume {
  session: string;
  last_seq: number;
  attempt: number;
}

type Bare = ({ type: "join"; resume?: Resume } & Join) | { type: "ping" } | { type: "ack" };

export type ClientMessage = { seq: number; ack: number; id?: string } & (Said | Bare);

export interface Joined {
  type: "joined";
  self: PeerId;
  room: string;
  session: string;
  mode: Mode;
  locked: boolean;
  peers: PeerInfo[];
  tracks: TrackInfo[];
  speakers: PeerId[];
  knocks: Knock[];
  ice: IceGrant;
}

export type LeaveReason =
  | "left"
  | "denied"
  | "removed"
  | "ended"
  | "rate_limited"
  | "too_slow"
  | "replaced"
  | "expired"
  | "not_here"
  | "moved";

/** What the room says. A type that is not known here has its number, and does nothing. */
export type Told =
  | { type: "waiting"; self: PeerId; session: string }
  | Joined
  | ({ type: "peer_update" } & PeerInfo)
  | (Description & { from: PeerId })
  | ({ type: "track_published" } & TrackInfo)
  | { type: "track_unpublished"; track: TrackId }
  | { type: "track_quality"; track: TrackId; quality: Quality }
  | { type: "speakers"; peers: PeerId[] }
  | { type: "quality"; peer: PeerId; level: Level }
  | ({ type: "knock" } & Knock)
  | { type: "knock_ended"; peer: PeerId }
  | { type: "mute_request"; by: PeerId; source: Source; muted: boolean }
  | { type: "chat"; from: PeerId; name: string; text: string; client_id: string; at: string }
  | { type: "reaction"; from: PeerId; emoji: string }
  | { type: "lock"; on: boolean }
  | { type: "mode_change"; mode: Mode }
  | { type: "ice_refresh"; ice: IceGrant }
  | { type: "leave"; reason: LeaveReason; action: "disconnect" | "resume" | "reconnect" }
  | { type: "error"; id?: string | number; code: string; detail: string };

export type RoomMessage = { seq: number; ack?: number } & (Told | { type: "resumed" } | { type: "pong" | "ack" });
