/** A meeting that this device takes part in: the room, the connections to all others, and what is sent to them. */
import { Line, type LineOutput } from "./line";
import { Peer } from "./peer";
import { apply, type Room, roomOf } from "./room";
import type { Description, Join, LeaveReason, PeerId, Said, Source, Told } from "./wire";

export type Ended = { type: "refused"; code: string; detail: string } | { type: "over"; reason: LeaveReason };

/** All that is shown. Each change makes a new one. */
export interface MeetingState {
  phase: "joining" | "waiting" | "in" | "over";
  connected: boolean;
  room: Room | null;
  /** What arrives, by whose it is and the `cid` of its track. */
  streams: ReadonlyMap<string, MediaStream>;
  /** What this device takes up now, by source; muted where it is there and not sent. */
  own: Readonly<Partial<Record<Source, { track: MediaStreamTrack; muted: boolean }>>>;
  /** The last that a person should hear of. */
  notice: string | null;
  ended: Ended | null;
}

interface Other {
  peer: Peer;
  connection: RTCPeerConnection;
  senders: Map<Source, RTCRtpSender>;
}

/** What is joined anew after a failure waits so long, so that a room that is broken is not stormed. */
const REJOIN = 1_000;

export function streamKey(peer: PeerId, cid: string): string {
  return `${peer} ${cid}`;
}

export class Meeting {
  private state: MeetingState = {
    ...{ phase: "joining", connected: false, room: null, streams: new Map(), own: {}, notice: null, ended: null },
  };
  private line: Line;
  private readonly others = new Map<PeerId, Other>();
  private ice: RTCIceServer[] = [];
  private wasAway = false;
  private readonly listeners = new Set<() => void>();
  /** One for each source: its id is what others know the track by, also when another device takes its place. */
  private readonly carriers = new Map<Source, MediaStream>();
  private readonly published = new Set<Source>();
  private rejoin: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly join: Join,
    private readonly token: string | null,
    tracks: Partial<Record<Source, MediaStreamTrack>>,
  ) {
    for (const [source, track] of Object.entries(tracks) as [Source, MediaStreamTrack][])
      this.change({ own: { ...this.state.own, [source]: { track, muted: false } } });
    this.line = this.connect();
    window.addEventListener("pagehide", this.leave);
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): MeetingState => this.state;

  say(body: Said, id?: string): void {
    this.line.say(body, id);
  }

  dismiss(): void {
    this.change({ notice: null });
  }

  /** Takes a new track for a source, or switches it off and gives the device back. */
  set(source: Source, track: MediaStreamTrack | null): void {
    const before = this.state.own[source]?.track;
    if (before !== track) before?.stop();
    const { [source]: _, ...rest } = this.state.own;
    this.change({ own: track === null ? rest : { ...rest, [source]: { track, muted: false } } });
    for (const other of this.others.values()) this.send(other, source);
    this.publish(source);
  }

  /** The device stays open, so that one is heard at once. */
  mute(source: Source, muted: boolean): void {
    const own = this.state.own[source];
    if (own === undefined) return;
    own.track.enabled = !muted;
    this.change({ own: { ...this.state.own, [source]: { ...own, muted } } });
    this.publish(source);
  }

  /** Begins or ends to show the screen. */
  showScreen(track: MediaStreamTrack | null): void {
    if (track === null) {
      this.published.delete("screen");
      this.say({ type: "screen", on: false });
      const { screen, ...rest } = this.state.own;
      screen?.track.stop();
      this.change({ own: rest });
      for (const other of this.others.values()) this.send(other, "screen");
      return;
    }
    track.addEventListener("ended", () => this.state.own.screen?.track === track && this.showScreen(null));
    this.say({ type: "screen", on: true }, "screen");
    this.set("screen", track);
  }

  readonly leave = () => {
    this.say({ type: "leave" });
    this.end({ type: "over", reason: "left" });
  };

  private connect(): Line {
    const line: Line = new Line(this.join, this.token, (output) => {
      // What an older one still says is about a seat that was given up.
      if (this.line === line || this.line === undefined) this.happened(output);
    });
    return line;
  }

  private happened(output: LineOutput): void {
    switch (output.type) {
      case "connected":
        return this.change({ connected: true });
      case "disconnected":
        this.wasAway = true;
        return this.change({ connected: false });
      case "refused":
        return this.end(output);
      case "over":
        if (output.again) this.anew();
        else this.end({ type: "over", reason: output.reason });
        return;
      case "told":
        return this.told(output.body);
    }
  }

  private told(told: Told): void {
    if (told.type === "waiting") return this.change({ phase: "waiting" });
    if (told.type === "joined") {
      this.ice = told.ice.servers;
      this.wasAway = false;
      this.change({ phase: "in", room: roomOf(told), streams: new Map() });
      for (const source of Object.keys(this.state.own) as Source[]) this.publish(source);
      for (const { peer } of told.peers) if (peer !== told.self) this.meet(peer);
      return;
    }
    const { room } = this.state;
    if (room === null) return;
    const next = apply(room, told);
    if (next !== room) this.change({ room: next });
    switch (told.type) {
      case "peer_update":
        if (told.state === "left") this.part(told.peer);
        else if (told.peer !== room.self) this.meet(told.peer);
        return;
      case "offer":
      case "answer":
      case "trickle": {
        const { from, ...description } = told;
        this.others.get(from)?.peer.heard(description as Description);
        return;
      }
      case "ice_refresh":
        this.ice = told.ice.servers;
        for (const { connection, peer } of this.others.values()) {
          connection.setConfiguration(this.configuration());
          if (this.wasAway) peer.restart();
        }
        this.wasAway = false;
        return;
      case "mute_request": {
        const who = next.peers.get(told.by)?.name ?? "The host";
        const what = told.source === "microphone" ? "microphone" : told.source === "camera" ? "camera" : "screen";
        if (!told.muted) return this.change({ notice: `${who} asks you to switch your ${what} on.` });
        if (told.source === "screen" || told.source === "screen_audio") this.showScreen(null);
        else this.mute(told.source, true);
        return this.change({ notice: `${who} switched your ${what} off.` });
      }
      case "error":
        if (told.id === "screen") this.showScreen(null);
        // What came too late is no news for a person.
        if (told.code !== "stale" && told.code !== "no_such_track" && told.code !== "no_such_peer")
          this.change({ notice: told.detail });
    }
  }

  private meet(id: PeerId): void {
    const me = this.state.room?.self;
    if (me === undefined || this.others.has(id)) return;
    const connection = new RTCPeerConnection(this.configuration());
    connection.ontrack = ({ streams: [stream] }) => {
      if (stream === undefined) return;
      this.change({ streams: new Map(this.state.streams).set(streamKey(id, stream.id), stream) });
    };
    const peer = new Peer(connection, me, id, {
      tell: (description) => this.say({ ...description, target: id }),
      connection: () => {},
      gaveUp: () => this.anew(),
    });
    const other = { peer, connection, senders: new Map() };
    this.others.set(id, other);
    for (const source of Object.keys(this.state.own) as Source[]) this.send(other, source);
  }

  /** All but the servers must stay as it was: browsers refuse a change of the rest. */
  private configuration(): RTCConfiguration {
    return { iceServers: this.ice, bundlePolicy: "max-bundle" };
  }

  private part(id: PeerId): void {
    const other = this.others.get(id);
    if (other === undefined) return;
    other.connection.ontrack = null;
    other.peer.close();
    this.others.delete(id);
    const streams = [...this.state.streams].filter(([key]) => !key.startsWith(`${id} `));
    this.change({ streams: new Map(streams) });
  }

  /** Sends another device what there is of a source now. */
  private send({ connection, senders }: Other, source: Source): void {
    const track = this.state.own[source]?.track ?? null;
    const sender = senders.get(source);
    if (sender !== undefined) void sender.replaceTrack(track).catch(() => {});
    else if (track !== null) senders.set(source, connection.addTrack(track, this.carrier(source)));
  }

  /** Tells the room what others may expect of a source. */
  private publish(source: Source): void {
    if (this.state.phase !== "in") return;
    const own = this.state.own[source];
    const muted = own === undefined || own.muted;
    if (this.published.has(source)) this.say({ type: "mute", source, muted });
    else if (own !== undefined) {
      this.published.add(source);
      this.say({ type: "track_add", cid: this.carrier(source).id, source, muted });
    }
  }

  private carrier(source: Source): MediaStream {
    const carrier = this.carriers.get(source) ?? new MediaStream();
    this.carriers.set(source, carrier);
    return carrier;
  }

  /** Gives the seat up and asks for another one. */
  private anew(): void {
    if (this.state.phase === "over") return;
    this.line.say({ type: "leave" });
    this.hangUp();
    this.change({ phase: "joining", connected: false, room: null });
    this.rejoin = setTimeout(() => {
      this.line = this.connect();
    }, REJOIN);
  }

  private hangUp(): void {
    clearTimeout(this.rejoin);
    this.line?.stop();
    for (const id of [...this.others.keys()]) this.part(id);
    this.published.clear();
  }

  private end(ended: Ended): void {
    if (this.state.phase === "over") return;
    window.removeEventListener("pagehide", this.leave);
    this.hangUp();
    for (const own of Object.values(this.state.own)) own.track.stop();
    this.change({ phase: "over", ended, own: {} });
  }

  private change(change: Partial<MeetingState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
