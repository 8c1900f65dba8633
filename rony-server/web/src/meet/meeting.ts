/** A meeting that this device takes part in: the room, the connections to all others, and what is sent to them. */
import { type Line as ChatLine, heard } from "./chat";
import { Line, type LineOutput } from "./line";
import { measure } from "./measure";
import { newsOf } from "./news";
import { Peer } from "./peer";
import { type Link, ownLevel } from "./quality";
import { apply, type Room, roomOf } from "./room";
import { limit } from "./sending";
import type { Description, Join, LeaveReason, Level, PeerId, Quality, Said, Source, Told, TrackId } from "./wire";

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
  /** The last that a person should hear of, until they say that they have. */
  notice: string | null;
  /** The last that happened, in a sentence. */
  news: { id: number; text: string } | null;
  /** Somebody asks this person to switch a device on. */
  asked: { by: string; source: "microphone" | "camera" } | null;
  chat: readonly ChatLine[];
  /** Those of the last moments. */
  reactions: readonly { id: number; from: PeerId; emoji: string }[];
  /** How good the ways to the others are. */
  links: ReadonlyMap<PeerId, Link>;
  ended: Ended | null;
}

interface Other {
  peer: Peer;
  connection: RTCPeerConnection;
  senders: Map<Source, RTCRtpSender>;
}

/** So long a reaction is seen. */
const REACTION = 4_000;
/** What is joined anew after a failure waits so long, so that a room that is broken is not stormed. */
const REJOIN = 1_000;

export function streamKey(peer: PeerId, cid: string): string {
  return `${peer} ${cid}`;
}

export class Meeting {
  private state: MeetingState = {
    ...{ phase: "joining", connected: false, room: null, streams: new Map(), own: {}, notice: null, ended: null },
    ...{ news: null, asked: null, chat: [], reactions: [], links: new Map() },
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
  private readonly stopMeasuring: () => void;
  /** What was said last about one's own connection. */
  private level: Level = "good";
  /** The best picture of one's own tracks that anybody needs, and what one has asked for of others'. */
  private readonly wanted = new Map<TrackId, Quality>();
  private readonly wants = new Map<TrackId, Quality>();
  private count = 0;

  constructor(
    private readonly join: Join,
    private readonly token: string | null,
    tracks: Partial<Record<Source, MediaStreamTrack>>,
  ) {
    for (const [source, track] of Object.entries(tracks) as [Source, MediaStreamTrack][])
      this.change({ own: { ...this.state.own, [source]: { track, muted: false } } });
    this.line = this.connect();
    this.stopMeasuring = measure(
      () => this.measured(),
      (links) => this.judge(links),
    );
    window.addEventListener("pagehide", this.leave);
  }

  /** A reload by mistake would end it, and a call for the others too: the browser asks first. */
  private readonly ask = (event: BeforeUnloadEvent): void => event.preventDefault();

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

  /** The person should hear of something that is no answer of the room. */
  notify(notice: string): void {
    this.change({ notice });
  }

  /** They have answered whoever asked. */
  answered(): void {
    this.change({ asked: null });
  }

  /** Says which picture of another's track is needed, where that has changed. */
  want(track: TrackId, quality: Quality): void {
    if ((this.wants.get(track) ?? "high") === quality) return;
    this.wants.set(track, quality);
    this.say({ type: "subscribe", track, quality });
  }

  /** Takes a new track for a source, or switches it off and gives the device back. */
  set(source: Source, track: MediaStreamTrack | null, muted = false): void {
    const before = this.state.own[source]?.track;
    if (before !== track) before?.stop();
    if (track !== null) track.enabled = !muted;
    const { [source]: _, ...rest } = this.state.own;
    this.change({ own: track === null ? rest : { ...rest, [source]: { track, muted } } });
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

  /** Begins or ends to show the screen, with its sound where there is one. */
  showScreen(stream: MediaStream | null): void {
    const [track] = stream?.getVideoTracks() ?? [];
    if (track === undefined) {
      this.say({ type: "screen", on: false });
      const { screen, screen_audio, ...rest } = this.state.own;
      screen?.track.stop();
      screen_audio?.track.stop();
      this.change({ own: rest });
      for (const source of ["screen", "screen_audio"] as const) {
        this.published.delete(source);
        for (const other of this.others.values()) this.send(other, source);
      }
      return;
    }
    track.addEventListener("ended", () => this.state.own.screen?.track === track && this.showScreen(null));
    // What is shown is mostly letters.
    track.contentHint = "detail";
    this.say({ type: "screen", on: true }, "screen");
    this.set("screen", track);
    const [sound] = stream?.getAudioTracks() ?? [];
    if (sound !== undefined) this.set("screen_audio", sound);
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
      // No earlier: a page that would ask is not kept for going back.
      window.addEventListener("beforeunload", this.ask);
      this.wanted.clear();
      this.wants.clear();
      this.change({ phase: "in", room: roomOf(told), streams: new Map(), links: new Map(), asked: null });
      for (const source of Object.keys(this.state.own) as Source[]) this.publish(source);
      for (const { peer } of told.peers) if (peer !== told.self) this.meet(peer);
      return;
    }
    const { room } = this.state;
    if (room === null) return;
    const next = apply(room, told);
    const text = newsOf(room, told);
    if (next !== room) this.change({ room: next });
    if (text !== null) this.change({ news: { id: this.next(), text } });
    switch (told.type) {
      case "peer_update":
        if (told.state === "left") this.part(told.peer);
        else if (told.peer !== room.self) this.meet(told.peer);
        if (next.peers.size !== room.peers.size) this.limitAll();
        return;
      case "track_quality":
        this.wanted.set(told.track, told.quality);
        return this.limitAll();
      case "track_unpublished":
        this.wants.delete(told.track);
        return;
      case "chat": {
        const { type: _, ...line } = told;
        const guest = room.peers.get(told.from)?.role === "guest";
        return this.change({ chat: heard(this.state.chat, { ...line, guest }) });
      }
      case "reaction":
        return this.react(told.from, told.emoji);
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
        if (!told.muted) {
          if (told.source !== "microphone" && told.source !== "camera") return;
          if (this.state.own[told.source]?.muted === false) return;
          return this.change({ asked: { by: who, source: told.source } });
        }
        if (told.source === "screen" || told.source === "screen_audio") this.showScreen(null);
        // The light beside a camera that is off is off too.
        else if (told.source === "camera") this.set("camera", null);
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
      connection: (state) => {
        const other = this.others.get(id);
        if (state === "connected" && other?.connection === connection) this.limitOne(other);
      },
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
    if (sender === undefined) {
      if (track !== null) senders.set(source, connection.addTrack(track, this.carrier(source)));
      return;
    }
    // A microphone that is off is on again in a moment. A screen that is not shown is gone, and others need not listen for it.
    if (source === "screen" || source === "screen_audio") turn(connection, sender, track !== null);
    void sender
      .replaceTrack(track)
      .then(() => this.limitSender(sender, source))
      .catch(() => {});
  }

  private limitAll(): void {
    for (const other of this.others.values()) this.limitOne(other);
  }

  private limitOne({ senders }: Other): void {
    for (const [source, sender] of senders) this.limitSender(sender, source);
  }

  private limitSender(sender: RTCRtpSender, source: Source): void {
    const { room } = this.state;
    if (room === null) return;
    const track = [...room.tracks.values()].find((it) => it.peer === room.self && it.source === source)?.track;
    void limit(sender, source, room.peers.size - 1, track === undefined ? undefined : this.wanted.get(track));
  }

  /** What each other has on, and the connection by which it should come. */
  private measured() {
    const tracks = [...(this.state.room?.tracks.values() ?? [])];
    const expects = (id: PeerId) => tracks.some(({ peer, muted }) => peer === id && !muted);
    return new Map([...this.others].map(([id, { connection }]) => [id, { connection, expects: expects(id) }]));
  }

  private judge(links: ReadonlyMap<PeerId, Link>): void {
    if (this.state.phase !== "in") return;
    this.change({ links });
    const level = ownLevel([...links.values()]);
    if (level === null || level === this.level) return;
    this.level = level;
    this.say({ type: "quality", level });
  }

  private react(from: PeerId, emoji: string): void {
    const reaction = { id: this.next(), from, emoji };
    this.change({ reactions: [...this.state.reactions, reaction] });
    setTimeout(() => this.change({ reactions: this.state.reactions.filter((it) => it !== reaction) }), REACTION);
  }

  private next(): number {
    this.count += 1;
    return this.count;
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
    this.level = "good";
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
    window.removeEventListener("beforeunload", this.ask);
    this.stopMeasuring();
    this.hangUp();
    for (const own of Object.values(this.state.own)) own.track.stop();
    this.change({ phase: "over", ended, own: {} });
  }

  private change(change: Partial<MeetingState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** Sends by a part of a connection, or does not; what comes by the same part goes on. */
function turn(connection: RTCPeerConnection, sender: RTCRtpSender, on: boolean): void {
  const part = connection.getTransceivers().find((it) => it.sender === sender);
  if (part === undefined || part.direction === "stopped") return;
  const comes = part.direction === "sendrecv" || part.direction === "recvonly";
  part.direction = on ? (comes ? "sendrecv" : "sendonly") : comes ? "recvonly" : "inactive";
}
