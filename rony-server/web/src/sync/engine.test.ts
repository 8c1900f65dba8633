/** The engine against a model of the server, with everything that a network and a server may do to it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SyncAnswer } from "@/api/types";
import { type Effect, EMPTY, isCaughtUp, type SyncRequest, step } from "./engine";
import { DIRECTORY, type ServerFrame, type StreamEvent } from "./wire";

const ME = "me";
const CONVERSATIONS = ["a", "b", "c"];
const STREAMS = [ME, DIRECTORY, ...CONVERSATIONS];
/** Further behind than this is `reset`; small, so that it happens. */
const RESET = 6;
const PAGE = 3;

type Heads = Record<string, number>;

/** A server: how far each stream is, and what stands where membership changed. */
class Server {
  readonly heads: Heads = Object.fromEntries(STREAMS.map((id) => [id, 0]));
  readonly members = new Set(CONVERSATIONS);
  private readonly own: StreamEvent[] = [];
  /** Each change, in order: `since` is how many of them there were. */
  private readonly changes: string[] = [];

  post(id: string): void {
    if (this.reads(id)) this.append(id, { seq: 0, type: "skipped" });
  }

  toggle(id: string): void {
    const type = this.members.has(id) ? ("member.left" as const) : ("member.joined" as const);
    const event = { seq: 0, type, conversation_id: id, user_id: ME, by_id: null, role: "member" as const };
    if (type === "member.left") this.members.delete(id);
    else this.members.add(id);
    this.append(ME, event as StreamEvent);
    this.heads[id] = (this.heads[id] ?? 0) + 1;
    this.changes.push(id);
  }

  reads(id: string): boolean {
    return id === ME || id === DIRECTORY || this.members.has(id);
  }

  since(): string {
    return String(this.changes.length);
  }

  moved(since: string): { id: string; head: number }[] {
    const ids = new Set(this.changes.slice(Number(since)).filter((id) => this.reads(id)));
    return [...ids].map((id) => ({ id, head: this.heads[id] ?? 0 }));
  }

  event(id: string, seq: number): StreamEvent {
    const event = id === ME ? this.own[seq - 1] : undefined;
    return { ...(event ?? { type: "skipped" }), seq } as StreamEvent;
  }

  answer(request: SyncRequest): SyncAnswer {
    const asked = Object.entries(request.streams);
    const streams = asked.filter(([id]) => this.reads(id)).map(([id, last]) => this.part(id, last));
    const left = asked.filter(([id]) => !this.reads(id)).map(([id]) => id);
    const all = request.since === undefined ? [] : this.moved(request.since);
    const rest = request.next ? all.slice(all.findIndex(({ id }) => id === request.next) + 1) : all;
    const moved = rest.slice(0, 1);
    const next = rest.length > 1 ? moved[0]?.id : undefined;
    return { streams, left, moved, joined: [], since: this.since(), next } as unknown as SyncAnswer;
  }

  private part(id: string, last: number) {
    const head = this.heads[id] ?? 0;
    if (last > head || head - last > RESET) return { id, head, more: false, reset: true, events: [] };
    const seqs = Array.from({ length: Math.min(PAGE, head - last) }, (_, index) => last + index + 1);
    return { id, head, more: last + seqs.length < head, events: seqs.map((seq) => this.event(id, seq)) };
  }

  private append(id: string, event: StreamEvent): void {
    this.heads[id] = (this.heads[id] ?? 0) + 1;
    if (id === ME) this.own.push({ ...event, seq: this.heads[id] } as StreamEvent);
    this.changes.push(id);
  }
}

/** The page: an engine, what it holds of each stream, and what it has asked for. */
class Page {
  state = EMPTY;
  readonly holds: Heads = {};
  private waiting: Exclude<Effect, { type: "apply" | "forget" }>[] = [];

  constructor(private readonly server: Server) {
    this.loadAll();
  }

  take(input: Parameters<typeof step>[1]): void {
    const { state, effects } = step(this.state, input);
    this.state = state;
    for (const effect of effects) {
      if (effect.type === "apply") {
        expect(effect.event.seq, `${effect.stream} without a hole`).toBe((this.holds[effect.stream] ?? Number.NaN) + 1);
        this.holds[effect.stream] = effect.event.seq;
      } else if (effect.type === "forget") {
        delete this.holds[effect.stream];
      } else if (effect.type !== "send") {
        this.waiting.push(effect);
      }
    }
  }

  connect(): void {
    this.take({ type: "closed" });
    this.take({ type: "opened" });
    const moved = this.server.moved(this.state.since ?? "0");
    const hello = { type: "hello", user_id: ME, heartbeat_ms: 30_000, since: this.server.since() } as const;
    this.take({ type: "frame", frame: { ...hello, moved: moved.slice(0, 2), more: moved.length > 2 } });
  }

  heartbeat(): void {
    const heads = Object.fromEntries(this.server.moved("0").map(({ id, head }) => [id, head]));
    if (this.state.connection === "live") this.frame({ type: "heartbeat", since: this.server.since(), heads });
  }

  frame(frame: Extract<ServerFrame, { type: "event" | "heartbeat" }>): void {
    this.take({ type: "frame", frame });
  }

  /** Answers one of the questions that are on their way, or lets it fail. */
  answer(which: number, fails: boolean): void {
    const [effect] = this.waiting.splice(which % Math.max(1, this.waiting.length), 1);
    if (effect === undefined) return;
    if (effect.type === "retry_later") this.take({ type: "retry" });
    else if (effect.type === "sync" && fails) this.take({ type: "sync_failed" });
    else if (effect.type === "sync") this.take({ type: "synced", answer: this.server.answer(effect.request) });
    else if (effect.type === "load_all") this.loadAll();
    else if (effect.type === "load") this.load(effect.stream);
  }

  idle(): boolean {
    return this.waiting.length === 0;
  }

  private load(id: string): void {
    if (!this.server.reads(id)) return this.take({ type: "gone", stream: id });
    const head = this.server.heads[id] ?? 0;
    if (this.state.streams[id] !== undefined) this.holds[id] = head;
    this.take({ type: "loaded", stream: id, as_of: head });
  }

  private loadAll(): void {
    const heads = Object.fromEntries(
      STREAMS.filter((id) => this.server.reads(id)).map((id) => [id, this.server.heads[id] ?? 0]),
    );
    for (const id of Object.keys(this.holds)) delete this.holds[id];
    Object.assign(this.holds, heads);
    this.take({ type: "loaded_all", me: ME, since: this.server.since(), heads });
  }
}

const deed = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("post" as const), stream: fc.constantFrom(...STREAMS), arrives: fc.nat(3) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("toggle" as const),
      stream: fc.constantFrom(...CONVERSATIONS),
      arrives: fc.nat(3),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("answer" as const), which: fc.nat(5), fails: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("connect" as const, "close" as const, "heartbeat" as const) }),
  },
);

test("whatever is lost, doubled, late or out of order: in the end the page has what the server has", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 80 }), (deeds) => {
      const server = new Server();
      const page = new Page(server);
      page.connect();
      let late: Extract<ServerFrame, { type: "event" }>[] = [];
      for (const what of deeds) {
        if (what.do === "post" || what.do === "toggle") {
          const stream = what.do === "post" ? what.stream : ME;
          if (what.do === "post") server.post(what.stream);
          else server.toggle(what.stream);
          if (!server.reads(stream) || page.state.connection !== "live") continue;
          const frame = { type: "event" as const, stream, event: server.event(stream, server.heads[stream] ?? 0) };
          // 0: lost; 1: at once; 2: twice; 3: after whatever comes next.
          if (frame.event.seq > 0 && what.arrives === 3) late.push(frame);
          else if (frame.event.seq > 0) for (let count = 0; count < what.arrives; count += 1) page.frame(frame);
          if (what.arrives !== 3) {
            for (const old of late) if (page.state.connection === "live") page.frame(old);
            late = [];
          }
        } else if (what.do === "answer") page.answer(what.which, what.fails);
        else if (what.do === "connect") page.connect();
        else if (what.do === "close") page.take({ type: "closed" });
        else page.heartbeat();
      }
      page.connect();
      for (let turn = 0; turn < 200 && !(page.idle() && isCaughtUp(page.state)); turn += 1) {
        page.answer(0, false);
        if (page.idle()) page.heartbeat();
      }
      const expected = STREAMS.filter((id) => server.reads(id)).map((id) => [id, server.heads[id] ?? 0]);
      expect(page.holds).toEqual(Object.fromEntries(expected));
      expect(page.state.since).toBe(server.since());
    }),
    { numRuns: 2000 },
  );
});
