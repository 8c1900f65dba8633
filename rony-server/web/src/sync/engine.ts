/**
 * Keeps a client in step with the server: which numbers it has of each stream, what it is missing, and what to ask for.
 *
 * It is a pure function from a state and an input to the next state and what is to be done. It opens no socket, knows no time
 * and holds no messages, so that every path can be tested, and written again in another language: `tests/vectors/sync` has
 * its rules as data. docs/GATEWAY.md says why they are as they are.
 */
import type { SyncAnswer } from "@/api/types";
import { type ClientFrame, DIRECTORY, type ServerFrame, type StreamEvent, type StreamId } from "./wire";

/** At most so many streams are asked for at once. */
const MOST_STREAMS = 500;

export interface StreamState {
  /** The highest number that was applied. */
  last: number;
  /** The highest number that the server has spoken of. */
  head: number;
  /** Its snapshot is on the way: what comes meanwhile is asked for afterwards. */
  loading?: true;
}

export interface EngineState {
  /** Whose streams these are; null before the first snapshot. */
  me: string | null;
  connection: "closed" | "resuming" | "live";
  /** Everything up to here is known. The next connection begins from it. */
  since: string | null;
  /** What takes its place as soon as nothing is missing. */
  pending: string | null;
  /** Where the walk through everything that moved stands, when it was too much for one answer. */
  walk: { since: string; next: string | null } | null;
  /** What the question that is on its way is about: streams alone, or the walk's next page too. */
  asking: null | "streams" | "walk";
  streams: Record<StreamId, StreamState>;
}

export type Input =
  | { type: "opened" }
  | { type: "closed" }
  | { type: "frame"; frame: Extract<ServerFrame, { type: "hello" | "event" | "heartbeat" }> }
  | { type: "synced"; answer: SyncAnswer }
  | { type: "sync_failed" }
  | { type: "retry" }
  /** The personal snapshot: all streams that there are, and their moments. */
  | { type: "loaded_all"; me: string; since: string; heads: Record<StreamId, number> }
  /** The snapshot of one conversation. */
  | { type: "loaded"; stream: StreamId; as_of: number }
  /** There is no such conversation for this person. */
  | { type: "gone"; stream: StreamId };

export interface SyncRequest {
  streams: Record<StreamId, number>;
  since?: string;
  next?: string;
}

export type Effect =
  | { type: "send"; frame: ClientFrame }
  | { type: "apply"; stream: StreamId; event: StreamEvent }
  | { type: "forget"; stream: StreamId }
  | { type: "sync"; request: SyncRequest }
  /** Load the snapshot of this conversation. */
  | { type: "load"; stream: StreamId }
  /** Load the personal snapshot. */
  | { type: "load_all" }
  | { type: "retry_later" };

export interface Step {
  state: EngineState;
  effects: Effect[];
}

export const EMPTY: EngineState = {
  me: null,
  connection: "closed",
  since: null,
  pending: null,
  walk: null,
  asking: null,
  streams: {},
};

/** What one input does. The state that was given is left as it is. */
export function step(state: EngineState, input: Input): Step {
  const run = new Run(state);
  run.take(input);
  return run.end();
}

/** Whether everything that the server has spoken of is here. */
export function isCaughtUp(state: EngineState): boolean {
  return (
    state.walk === null && Object.values(state.streams).every((stream) => !stream.loading && stream.head <= stream.last)
  );
}

/** One step: the next state in the making, and the effects so far. */
class Run {
  private readonly state: EngineState;
  private readonly effects: Effect[] = [];

  constructor(before: EngineState) {
    this.state = { ...before, streams: { ...before.streams } };
  }

  take(input: Input): void {
    switch (input.type) {
      case "opened":
        return this.opened();
      case "closed":
        this.state.connection = "closed";
        return;
      case "frame":
        return this.frame(input.frame);
      case "synced":
        return this.synced(input.answer);
      case "sync_failed":
        // Still asking, until `retry`: nothing else may ask in between.
        this.effects.push({ type: "retry_later" });
        return;
      case "retry":
        this.state.asking = null;
        return;
      case "loaded_all":
        return this.loadedAll(input);
      case "loaded":
        return this.loaded(input.stream, input.as_of);
      case "gone":
        return this.forget(input.stream);
    }
  }

  end(): Step {
    this.ask();
    if (this.state.pending !== null && isCaughtUp(this.state)) {
      this.state.since = this.state.pending;
      this.state.pending = null;
    }
    return { state: this.state, effects: this.effects };
  }

  private opened(): void {
    this.state.connection = "resuming";
    const since = this.state.since;
    this.effects.push({ type: "send", frame: since === null ? { type: "resume" } : { type: "resume", since } });
  }

  private frame(frame: Extract<Input, { type: "frame" }>["frame"]): void {
    switch (frame.type) {
      case "hello":
        this.state.connection = "live";
        for (const { id, head } of frame.moved) this.heard(id, head);
        this.state.pending = frame.since;
        // A page of the walk before this connection says nothing about what moved since then.
        if (this.state.asking === "walk") this.state.asking = "streams";
        this.state.walk = frame.more && this.state.since !== null ? { since: this.state.since, next: null } : null;
        return;
      case "heartbeat":
        for (const [id, head] of Object.entries(frame.heads)) this.heard(id, head);
        this.state.pending = frame.since;
        return;
      case "event":
        return this.live(frame.stream, frame.event);
    }
  }

  private live(id: StreamId, event: StreamEvent): void {
    const stream = this.state.streams[id];
    const next = stream !== undefined && !stream.loading && event.seq === stream.last + 1;
    if (next) this.apply(id, event);
    this.heard(id, event.seq);
  }

  private synced(answer: SyncAnswer): void {
    for (const part of answer.streams) this.part(part);
    for (const id of answer.left) this.forget(id);
    for (const { id, head } of answer.moved) this.heard(id, head);
    for (const id of answer.joined) this.heard(id, 0);
    if (this.state.walk !== null && this.state.asking === "walk") {
      this.state.walk = answer.next ? { ...this.state.walk, next: answer.next } : null;
    }
    this.state.asking = null;
  }

  private part(part: SyncAnswer["streams"][number]): void {
    const stream = this.state.streams[part.id];
    // It was asked for, and forgotten while the answer was on its way; or left and joined again, and is being loaded.
    if (stream === undefined) return;
    if (!stream.loading && part.reset) return this.reset(part.id, part.head);
    for (const event of stream.loading ? [] : (part.events as unknown as StreamEvent[])) {
      // It may have come by itself meanwhile, or one before it may have ended the stream.
      if (this.state.streams[part.id]?.last === event.seq - 1) this.apply(part.id, event);
    }
    if (this.state.streams[part.id] !== undefined) this.heard(part.id, part.head);
  }

  private loadedAll(input: Extract<Input, { type: "loaded_all" }>): void {
    const before = this.state.me === input.me ? this.state.streams : {};
    this.state.me = input.me;
    this.state.streams = {};
    for (const [id, last] of Object.entries(input.heads)) {
      const known = before[id];
      this.state.streams[id] = { last, head: Math.max(last, known?.loading ? 0 : (known?.head ?? 0)) };
    }
    for (const id of Object.keys(before)) {
      if (this.state.streams[id] === undefined) this.effects.push({ type: "forget", stream: id });
    }
    this.state.since = input.since;
    this.state.walk = null;
  }

  private loaded(id: StreamId, asOf: number): void {
    const stream = this.state.streams[id];
    // Whoever was removed while it was on the way does not read it any more.
    if (stream !== undefined) this.state.streams[id] = { last: asOf, head: Math.max(asOf, stream.head) };
  }

  /** The server has spoken of this number. A stream that is not known yet is loaded. */
  private heard(id: StreamId, head: number): void {
    const stream = this.state.streams[id];
    if (stream === undefined) {
      this.load(id, head);
    } else if (head > stream.head) {
      this.state.streams[id] = { ...stream, head };
    }
  }

  private apply(id: StreamId, event: StreamEvent): void {
    const stream = this.state.streams[id];
    if (stream === undefined) return;
    this.state.streams[id] = { last: event.seq, head: Math.max(stream.head, event.seq) };
    this.effects.push({ type: "apply", stream: id, event });
    if (id !== this.state.me) return;
    if (event.type === "member.left" || event.type === "conversation.deleted") {
      this.forget(event.conversation_id);
    } else if (event.type === "member.joined" && this.state.streams[event.conversation_id] === undefined) {
      this.load(event.conversation_id, 0);
    }
  }

  /** Too far behind, or ahead of a server that was restored: what there is goes, and the snapshot takes its place. */
  private reset(id: StreamId, head: number): void {
    if (id !== this.state.me && id !== DIRECTORY) return this.load(id, head);
    const own = [this.state.me, DIRECTORY].map((one) => this.state.streams[one ?? ""]);
    if (!own.some((stream) => stream?.loading)) this.effects.push({ type: "load_all" });
    this.state.streams[id] = { last: this.state.streams[id]?.last ?? 0, head, loading: true };
  }

  private load(id: StreamId, head: number): void {
    if (this.state.streams[id]?.loading) return;
    this.state.streams[id] = { last: 0, head, loading: true };
    this.effects.push({ type: "load", stream: id });
  }

  private forget(id: StreamId): void {
    if (this.state.streams[id] === undefined) return;
    delete this.state.streams[id];
    this.effects.push({ type: "forget", stream: id });
  }

  /** Asks for what is missing, one question at a time. */
  private ask(): void {
    const { connection, asking, walk, streams } = this.state;
    if (asking !== null || connection !== "live") return;
    const missing = Object.entries(streams).filter(([, stream]) => !stream.loading && stream.head > stream.last);
    if (missing.length === 0 && walk === null) return;
    const request: SyncRequest = { streams: {} };
    for (const [id, stream] of missing.slice(0, MOST_STREAMS)) request.streams[id] = stream.last;
    if (walk !== null) {
      request.since = walk.since;
      if (walk.next !== null) request.next = walk.next;
    }
    this.state.asking = walk === null ? "streams" : "walk";
    this.effects.push({ type: "sync", request });
  }
}
