/** The page's one link to the server: carries out what the engine asks for, and keeps the model that is shown. */
import { ApiError, api, call } from "@/api/client";
import type { Draft, Message, MessagePage } from "@/api/types";
import type { CallSaid, CallTold } from "@/call/wire";
import { fold } from "@/model/fold";
import { draftKey, fromSnapshot, type Model, merge, remove, set, withConversation, without } from "@/model/model";
import { append, fromPage, MOST, prepend, shortened } from "@/model/timeline";
import { type Effect, EMPTY, type EngineState, type Input, type SyncRequest, step } from "@/sync/engine";
import type { PresenceChange, ServerFrame, StreamEvent } from "@/sync/wire";
import { Bell } from "./bell";
import { Drafts, type Place } from "./drafts";
import { Keeper, recall } from "./known";
import { momentOfWriting, Outbox, type Pending } from "./outbox";
import { Connection, type Ended } from "./socket";

export type ConnectionState = "connecting" | "live" | "offline";

/** All that is shown. Each change makes a new one. */
export interface State {
  /** Null until the first snapshot is here. */
  model: Model | null;
  connection: ConnectionState;
  ended: Ended | null;
  pending: readonly Pending[];
  /** The server was not reached yet: all that is shown is what was kept from last time. */
  kept: boolean;
}

const PAGE = 50;
/** So many messages stay of a list that nobody looks at any more, and so many such lists. */
const LEFT_MESSAGES = 100;
const LEFT_LISTS = 40;
/** Whoever comes back at once finds everything as it was. */
const LEFT_AFTER = 1_000;
const RETRY = 2_000;
/** So long somebody who pressed a key counts as typing. */
const TYPING = 4_000;
/** The server takes so many people in a `watch`. */
const MOST_WATCHED = 200;

export class Client {
  private state: State = { model: null, connection: "connecting", ended: null, pending: [], kept: false };
  private engine: EngineState = EMPTY;
  private readonly bell = new Bell();
  private readonly eventListeners = new Set<(event: StreamEvent) => void>();
  private readonly callListeners = new Set<(told: CallTold) => void>();
  private readonly liveListeners = new Set<() => void>();
  private readonly connection: Connection;
  private outbox: Outbox | null = null;
  private watched = { user_ids: [] as string[], conversation_id: undefined as string | undefined };
  private unsaid: { conversation: string; until: number } | null = null;
  private readonly alsoWatched = new Map<string, readonly string[]>();
  private readonly asked = new Set<string>();
  /** What happens in a conversation while something of it is on its way, which may be from before that. */
  private readonly meanwhile = new Set<{ conversation: string; events: StreamEvent[] }>();
  /** The conversations that are on their way. */
  private readonly opening = new Map<string, Promise<void>>();
  private readonly drafts: Drafts;
  /** What an earlier page could not bring to the server is here. */
  private recalled: Promise<void> = Promise.resolve();
  /** Messages that the server has, and that did not come back yet. */
  private readonly delivered = new Map<string, Pending>();
  /** The lists of messages that are on the screen, and how often. */
  private readonly shown = new Map<string, number>();
  /** Those at whose end somebody is. */
  private readonly followed = new Set<string>();

  private readonly keeper = new Keeper();
  private stopped = false;
  private leaving = false;

  constructor(private readonly user: string) {
    this.drafts = new Drafts(user, {
      read: async (place) => (await this.draft(place)).text,
      write: async ({ conversation_id, thread_id, text }) => {
        const body = { text, thread_id: thread_id ?? null };
        await call(api.PUT("/conversations/{conversation_id}/draft", { params: { path: { conversation_id } }, body }));
      },
      changed: (key, text) => this.showDraft(key, text),
      // Without a connection, the next one brings them.
      failed: () => this.state.connection === "live" && this.later(() => this.drafts.retry()),
    });
    this.connection = new Connection({
      opened: () => this.input({ type: "opened" }),
      frame: (frame) => this.frame(frame),
      closed: () => this.lost(),
      ended: (ended) => !this.leaving && this.change({ ended }),
    });
  }

  /** Loads what is one's own and connects; without the server, begins with what was kept from last time. */
  async start(): Promise<void> {
    window.addEventListener("online", this.back);
    document.addEventListener("visibilitychange", this.back);
    this.recalled = this.drafts.recall();
    try {
      await this.loadAll();
    } catch (error) {
      if (isSignedOut(error)) return this.change({ ended: "signed_out" });
      const model = isAway(error) ? await recall(this.user) : null;
      if (model === null) throw error;
      await this.recalled;
      const drafts = this.drafts.over(model.drafts);
      this.change({ model: { ...model, drafts }, kept: true, connection: "offline" });
      await this.openOutbox();
      this.later(() => void this.reach());
      return;
    }
    if (!this.stopped) this.connection.open();
  }

  /** Tries to reach the server that was away at the start. */
  private async reach(): Promise<void> {
    if (this.stopped || !this.state.kept) return;
    await this.once("reach", async () => {
      try {
        await this.loadAll();
        if (!this.stopped) this.connection.open();
      } catch (error) {
        if (isSignedOut(error)) this.change({ ended: "signed_out" });
        else this.later(() => void this.reach());
      }
    });
  }

  /** The person signs out here: that the server ends the connection then is no news. What this gives back takes it back. */
  leave(): () => void {
    this.leaving = true;
    return () => {
      this.leaving = false;
    };
  }

  stop(): void {
    this.stopped = true;
    this.keeper.stop();
    window.removeEventListener("online", this.back);
    document.removeEventListener("visibilitychange", this.back);
    this.connection.stop();
    this.outbox?.close();
    this.bell.stop();
  }

  readonly subscribe = this.bell.subscribe;

  readonly snapshot = (): State => this.state;

  /** Tells of each event as it is applied, for what is not shown: notifications, sounds. */
  onEvent(listener: (event: StreamEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  /** Tells what the server says about calls. */
  onCall(listener: (told: CallTold) => void): () => void {
    this.callListeners.add(listener);
    return () => this.callListeners.delete(listener);
  }

  /** Tells of each connection that stands; at once where one does. */
  onLive(listener: () => void): () => void {
    this.liveListeners.add(listener);
    if (this.state.connection === "live") queueMicrotask(listener);
    return () => this.liveListeners.delete(listener);
  }

  // What the person does

  /** Says something about calls. False where there is no connection to say it on. */
  call(device: string, message: CallSaid): boolean {
    return this.state.connection === "live" && this.connection.send({ type: "call", device, message });
  }

  async post(
    message: Pick<Pending, "conversation_id" | "thread_id" | "reply_to" | "text" | "attachments">,
  ): Promise<void> {
    const user_id = this.model().me.id;
    const pending = { ...message, user_id, client_id: crypto.randomUUID(), created_at: momentOfWriting() };
    this.change({ pending: [...this.state.pending, pending] });
    await this.outbox?.put(pending);
  }

  /** Sends a message again that was refused. */
  async resend(pending: Pending): Promise<void> {
    await this.outbox?.put({ ...pending, failed: undefined });
  }

  /** Takes a message back that was refused. */
  async discard(pending: Pending): Promise<void> {
    await this.outbox?.remove(pending.client_id);
  }

  /** Loads a conversation's newest messages, members and pins, where they are not here yet. */
  async open(id: string): Promise<void> {
    if (this.state.model?.timelines.has(id)) return;
    let opening = this.opening.get(id);
    if (opening === undefined) {
      opening = this.reload(id).finally(() => this.opening.delete(id));
      this.opening.set(id, opening);
    }
    // Whoever asks for what is on its way already hears of its end too, and of its failure.
    await opening;
  }

  /** The same ahead of somebody who may go there. What does not work now is asked for again when they do. */
  async foresee(id: string): Promise<void> {
    if (this.state.connection === "live") await this.open(id).catch(() => {});
  }

  /** Loads a thread, where it is not here yet. */
  async openThread(conversation: string, thread: string): Promise<void> {
    if (this.state.model?.timelines.has(thread)) return;
    await this.once(`open ${thread}`, async () => {
      await this.take(
        conversation,
        () => this.page(conversation, { thread_id: thread }),
        (model, page) => ({ ...model, timelines: set(model.timelines, thread, fromPage(page)) }),
      );
    });
  }

  /** Loads the messages before those that are here. `thread` where it is a thread's list. */
  async older(conversation: string, thread?: string): Promise<void> {
    await this.extend("before", conversation, thread);
  }

  /** Loads the messages after those that are here. */
  async newer(conversation: string, thread?: string): Promise<void> {
    await this.extend("after", conversation, thread);
  }

  /** Shows the messages around the one with this `seq` in place of those that are here. */
  async around(conversation: string, seq: number): Promise<void> {
    await this.take(
      conversation,
      () => this.page(conversation, { around: seq }),
      (model, page) => ({ ...model, timelines: set(model.timelines, conversation, fromPage(page)) }),
    );
  }

  /** The same for the one with this number, before those that are here: each page tells nearer what its `seq` is. */
  async aroundOrdinal(conversation: string, ordinal: number): Promise<void> {
    let edge = this.state.model?.timelines.get(conversation)?.messages[0];
    for (let tries = 0; tries < 20 && edge !== undefined; tries += 1) {
      // Between two messages there are at least as many events as messages.
      const page = await this.page(conversation, { around: Math.max(1, edge.seq - (edge.ordinal - ordinal)) });
      const [first, last] = [page.items[0], page.items.at(-1)];
      const next = first && ordinal < first.ordinal ? first : last && ordinal > last.ordinal ? last : undefined;
      if (next === undefined || next.id === edge.id) {
        this.setModel((model) => ({ ...model, timelines: set(model.timelines, conversation, fromPage(page)) }));
        return;
      }
      edge = next;
    }
  }

  /** Back to the newest messages. */
  async latest(conversation: string): Promise<void> {
    await this.take(
      conversation,
      () => this.page(conversation, {}),
      (model, page) => ({ ...model, timelines: set(model.timelines, conversation, fromPage(page)) }),
    );
  }

  /** Keeps a list whole as long as it is shown: until what this gives back is called. */
  show(key: string): () => void {
    this.shown.set(key, (this.shown.get(key) ?? 0) + 1);
    return () => {
      const times = (this.shown.get(key) ?? 1) - 1;
      if (times > 0) this.shown.set(key, times);
      else this.shown.delete(key);
      this.followed.delete(key);
      setTimeout(() => this.left(key), LEFT_AFTER);
    };
  }

  /** Whether somebody is at the end of a list: it keeps only the newest then, however much comes. */
  follow(key: string, follows: boolean): void {
    if (follows) this.followed.add(key);
    else this.followed.delete(key);
    if (follows) this.setModel((model) => this.shortenUnseen(model, key), "soon");
  }

  /** Says that the person has read up to here; on this page at once. */
  markRead(conversation: string, ordinal: number, thread?: string): void {
    if (!thread) {
      const view = this.state.model?.conversations.get(conversation);
      if (view === undefined || view.read_ordinal >= ordinal) return;
      this.setModel((model) =>
        fold(model, model.me.id, { type: "read.moved", conversation_id: conversation, ordinal, seq: 0 }),
      );
    }
    const frame = {
      type: "read" as const,
      conversation_id: conversation,
      ordinal,
      ...(thread && { thread_id: thread }),
    };
    if (this.state.connection === "live" && this.connection.send(frame)) return;
    const body = { ordinal, thread_id: thread ?? null };
    const path = { conversation_id: conversation };
    void api.PUT("/conversations/{conversation_id}/read", { params: { path }, body }).catch(() => {});
  }

  /** Keeps what the person has begun to write. */
  async keepDraft(conversation_id: string, text: string, thread_id?: string): Promise<void> {
    if (this.stopped) return;
    const key = draftKey(conversation_id, thread_id);
    const known = this.state.model?.drafts.get(key) ?? "";
    this.showDraft(key, text);
    await this.drafts.keep({ key, conversation_id, thread_id }, text, known);
  }

  /** Whom and what the person has in view: their presence and typing arrive. */
  watch(users: string[], conversation?: string): void {
    this.watched = { user_ids: users, conversation_id: conversation };
    this.sendWatch();
  }

  /** Whom another part of the page shows, beside the conversation in view; nobody any more with an empty list. */
  watchAlso(part: string, users: readonly string[]): void {
    if (users.length === 0) this.alsoWatched.delete(part);
    else this.alsoWatched.set(part, users);
    this.sendWatch();
  }

  /** The person is typing. Where the connection does not stand yet, that is said as soon as it does. */
  typing(conversation: string): void {
    if (this.state.connection === "live") this.connection.send({ type: "typing", conversation_id: conversation });
    else this.unsaid = { conversation, until: Date.now() + TYPING };
  }

  /** Whether the person uses this device at the moment. */
  present(status: "online" | "away"): void {
    this.connection.send({ type: "presence", status });
  }

  /** Waits until something is known, or for so many milliseconds. */
  until(known: (model: Model) => boolean, longest: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.state.model === null || !known(this.state.model)) return;
        done();
      };
      const off = this.subscribe(look);
      const timer = setTimeout(() => done(), longest);
      const done = () => {
        clearTimeout(timer);
        off();
        resolve();
      };
      look();
    });
  }

  /** Makes sure that a person's name is known soon. */
  needPerson(id: string): void {
    const { model } = this.state;
    if (model?.me.id === id || model?.people.has(id) || this.asked.has(id)) return;
    this.asked.add(id);
    call(api.GET("/users/{id}", { params: { path: { id } } }))
      .then((user) => this.setModel((model) => ({ ...model, people: set(model.people, id, user) })))
      .catch(() => this.asked.delete(id));
  }

  /** A list was left: its newest messages stay for the next visit, what is in the midst of it does not. */
  private left(key: string): void {
    if (this.shown.has(key)) return;
    this.setModel((model) => {
      const timeline = model.timelines.get(key);
      if (timeline === undefined) return model;
      const timelines = new Map(model.timelines);
      timelines.delete(key);
      // The one that was left last stands last.
      if (!timeline.moreAfter) timelines.set(key, shortened(timeline, LEFT_MESSAGES));
      const unseen = [...timelines.keys()].filter((other) => !this.shown.has(other));
      for (const old of unseen.slice(0, Math.max(0, unseen.length - LEFT_LISTS))) timelines.delete(old);
      return { ...model, timelines };
    }, "soon");
  }

  // What the engine asks for

  private input(input: Input): void {
    const { state, effects } = step(this.engine, input);
    this.engine = state;
    this.applyAll(effects.filter((effect) => effect.type === "apply" || effect.type === "forget"));
    for (const effect of effects) this.carryOut(effect);
  }

  /** All of a step's changes at once: what is shown is drawn once. */
  private applyAll(effects: readonly Effect[]): void {
    let model = this.state.model;
    if (model === null || effects.length === 0) return;
    for (const effect of effects) {
      if (effect.type === "apply") {
        model = fold(model, effect.stream, effect.event);
        for (const { conversation, events } of this.meanwhile)
          if (conversation === effect.stream) events.push(effect.event);
        if (effect.event.type === "message.posted")
          model = this.shortenUnseen(model, effect.event.message.thread_id ?? effect.stream);
      } else if (effect.type === "forget") model = without(model, effect.stream);
    }
    this.change({ model, pending: this.unsent(effects) }, "soon");
    for (const effect of effects) if (effect.type === "apply") this.happened(effect.event);
  }

  /** A list of which only the end is seen, or nothing, does not grow for ever. */
  private shortenUnseen(model: Model, key: string): Model {
    const timeline = model.timelines.get(key);
    if (timeline === undefined || timeline.messages.length <= MOST) return model;
    if (this.shown.has(key) && !this.followed.has(key)) return model;
    return { ...model, timelines: set(model.timelines, key, shortened(timeline)) };
  }

  /** What is pending, without what has just come back as an event. */
  private unsent(effects: readonly Effect[]): readonly Pending[] {
    const arrived = new Set<string>();
    for (const effect of effects) {
      if (effect.type === "apply" && effect.event.type === "message.posted")
        arrived.add(effect.event.message.client_id);
    }
    return this.pendingBut(arrived);
  }

  private pendingBut(arrived: ReadonlySet<string>): readonly Pending[] {
    for (const id of arrived) this.delivered.delete(id);
    const left = this.state.pending.filter((pending) => !arrived.has(pending.client_id));
    return left.length === this.state.pending.length ? this.state.pending : left;
  }

  private happened(event: StreamEvent): void {
    if (event.type === "draft.changed") void this.loadDraft(event.conversation_id, event.thread_id);
    for (const listener of this.eventListeners) listener(event);
  }

  private carryOut(effect: Effect): void {
    switch (effect.type) {
      case "send":
        this.connection.send(effect.frame);
        return;
      case "sync":
        void this.sync(effect.request);
        return;
      case "load":
        void this.load(effect.stream);
        return;
      case "load_all":
        void this.loadAll().catch(() => this.later(() => this.carryOut(effect)));
        return;
      case "retry_later":
        this.later(() => this.input({ type: "retry" }));
        return;
    }
  }

  private async sync(body: SyncRequest): Promise<void> {
    try {
      this.input({ type: "synced", answer: await call(api.POST("/sync", { body })) });
    } catch {
      this.input({ type: "sync_failed" });
    }
  }

  private async load(id: string): Promise<void> {
    try {
      await this.reload(id);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.input({ type: "gone", stream: id });
      else this.later(() => void this.load(id));
    }
  }

  private async reload(id: string): Promise<void> {
    const snapshot = await this.take(
      id,
      () => call(api.GET("/conversations/{id}/snapshot", { params: { path: { id } } })),
      (model, answer) => {
        const read = model.conversations.get(id)?.read_ordinal ?? 0;
        // What was read here meanwhile stays read.
        const event = { type: "read.moved" as const, conversation_id: id, ordinal: read, seq: 0 };
        return fold(withConversation(model, answer), model.me.id, event);
      },
      ({ as_of }) => as_of.seq,
    );
    const here = new Set(snapshot.messages.items.map((message) => message.client_id));
    this.change({ pending: this.pendingBut(here) });
    if (this.engine.streams[id]?.loading) this.input({ type: "loaded", stream: id, as_of: snapshot.as_of.seq });
  }

  private async loadAll(): Promise<void> {
    const [snapshot] = await Promise.all([call(api.GET("/snapshot", {})), this.recalled]);
    const heads = Object.fromEntries(snapshot.conversations.map(({ id, head }) => [id, head]));
    for (const { stream, seq } of [snapshot.as_of, snapshot.directory_as_of]) heads[stream] = seq;
    const open = [...(this.state.model?.timelines.keys() ?? [])].filter(
      (id) => heads[id] !== undefined && this.shown.has(id),
    );
    const model = fromSnapshot(snapshot, this.state.model);
    this.change({ model: { ...model, drafts: this.drafts.over(model.drafts) }, kept: false });
    this.input({ type: "loaded_all", me: snapshot.me.id, since: snapshot.since, heads });
    for (const id of open) void this.open(id);
    await this.openOutbox();
  }

  private async openOutbox(): Promise<void> {
    this.outbox ??= await Outbox.open(
      this.user,
      (pending) => this.deliver(pending),
      (pending) => this.change({ pending: this.withDelivered(pending) }),
    );
  }

  private async loadDraft(conversation_id: string, thread_id?: string): Promise<void> {
    const key = draftKey(conversation_id, thread_id);
    const draft = await this.draft({ key, conversation_id, thread_id }).catch(() => null);
    // What was written here is newer, or is joined with it when it is brought to the server.
    if (draft !== null && !this.drafts.has(key)) this.showDraft(key, draft.text);
  }

  private draft({ conversation_id, thread_id }: Place): Promise<Draft> {
    const params = { path: { conversation_id }, query: thread_id ? { thread_id } : {} };
    return call(api.GET("/conversations/{conversation_id}/draft", { params }));
  }

  private showDraft(key: string, text: string): void {
    this.setModel((model) => ({
      ...model,
      drafts: text === "" ? remove(model.drafts, key) : set(model.drafts, key, text),
    }));
  }

  private async deliver(pending: Pending): Promise<Message> {
    const { client_id, conversation_id: id, text, reply_to, thread_id, attachments = [] } = pending;
    const files = attachments.map(({ file_id }) => file_id);
    const body = { client_id, text, reply_to: reply_to ?? null, thread_id: thread_id ?? null, attachments: files };
    const message = await call(api.POST("/conversations/{id}/messages", { params: { path: { id } }, body }));
    // Where the gateway is away, it comes later: what was written stays on the screen until then.
    if (this.state.pending.some((one) => one.client_id === client_id))
      this.delivered.set(client_id, { ...pending, sent: true });
    return message;
  }

  /** What is not sent, and behind what was sent and has not come back yet. */
  private withDelivered(pending: readonly Pending[]): readonly Pending[] {
    const waiting = new Set(pending.map((one) => one.client_id));
    return [...[...this.delivered.values()].filter((one) => !waiting.has(one.client_id)), ...pending];
  }

  private page(
    id: string,
    query: { around?: number; before?: number; after?: number; thread_id?: string },
  ): Promise<MessagePage> {
    return call(
      api.GET("/conversations/{id}/messages", { params: { path: { id }, query: { ...query, limit: PAGE } } }),
    );
  }

  private async extend(side: "before" | "after", conversation: string, thread?: string): Promise<void> {
    const key = thread ?? conversation;
    const edgeOf = (model: Model | null) => model?.timelines.get(key)?.messages.at(side === "before" ? 0 : -1);
    const edge = edgeOf(this.state.model);
    if (edge === undefined) return;
    await this.once(`${side} ${edge.id}`, async () => {
      await this.take(
        conversation,
        () => this.page(conversation, { [side]: edge.seq, ...(thread && { thread_id: thread }) }),
        (model, page) => {
          const now = model.timelines.get(key);
          // Another part may have come in its place meanwhile: between the two there would be a hole.
          if (now === undefined || edgeOf(model)?.id !== edge.id) return model;
          return { ...model, timelines: set(model.timelines, key, (side === "before" ? prepend : append)(now, page)) };
        },
      );
    });
  }

  /**
   * Asks for a part of a conversation and puts it into the model; then once more what happened while it was on its way: it may be from
   * before that. What is in it already changes nothing. `asOf` is the last number that is surely in it.
   */
  private async take<T>(
    conversation: string,
    ask: () => Promise<T>,
    put: (model: Model, answer: T) => Model,
    asOf: (answer: T) => number = () => 0,
  ): Promise<T> {
    const meanwhile = { conversation, events: [] as StreamEvent[] };
    this.meanwhile.add(meanwhile);
    try {
      const answer = await ask();
      const later = meanwhile.events.filter((event) => event.seq > asOf(answer));
      this.setModel((model) => later.reduce((next, event) => fold(next, conversation, event), put(model, answer)));
      return answer;
    } finally {
      this.meanwhile.delete(meanwhile);
    }
  }

  /** One request of a kind at a time. */
  private async once(name: string, run: () => Promise<void>): Promise<void> {
    if (this.asked.has(name)) return;
    this.asked.add(name);
    try {
      await run();
    } finally {
      this.asked.delete(name);
    }
  }

  // What comes by the gateway

  private frame(frame: ServerFrame): void {
    switch (frame.type) {
      case "hello":
        this.change({ connection: "live" });
        this.input({ type: "frame", frame });
        this.sendWatch();
        if (this.unsaid !== null && Date.now() < this.unsaid.until) this.typing(this.unsaid.conversation);
        this.unsaid = null;
        this.outbox?.retry();
        this.drafts.retry();
        for (const listener of this.liveListeners) listener();
        return;
      case "call":
        for (const listener of this.callListeners) listener(frame.message);
        return;
      case "event":
      case "heartbeat":
        return this.input({ type: "frame", frame });
      case "presence":
        return this.setModel(
          (model) => ({ ...model, presence: merge(model.presence, entries(frame.changes)) }),
          "soon",
        );
      case "typing":
        return this.setModel((model) => ({
          ...model,
          typing: set(model.typing, frame.conversation_id, frame.user_ids),
        }));
      case "read_marks": {
        const marks = frame.marks.map(({ user_id, ordinal }) => [user_id, ordinal] as const);
        return this.setModel((model) => {
          const before = model.marks.get(frame.conversation_id) ?? new Map<string, number>();
          return { ...model, marks: set(model.marks, frame.conversation_id, merge(before, marks)) };
        });
      }
    }
  }

  private lost(): void {
    this.input({ type: "closed" });
    this.setModel((model) => ({ ...model, typing: new Map() }));
    this.change({ connection: "offline" });
  }

  private readonly back = (): void => {
    if (document.visibilityState !== "visible") return;
    if (this.state.kept) void this.reach();
    else if (this.state.model !== null) this.connection.now();
  };

  private sendWatch(): void {
    const { user_ids: inView, conversation_id } = this.watched;
    const user_ids = [...new Set([...inView, ...[...this.alsoWatched.values()].flat()])].slice(0, MOST_WATCHED);
    this.connection.send({ type: "watch", user_ids, ...(conversation_id && { conversation_id }) });
  }

  private later(run: () => void): void {
    setTimeout(run, RETRY);
  }

  private model(): Model {
    if (this.state.model === null) throw new Error("nothing is loaded yet");
    return this.state.model;
  }

  private setModel(update: (model: Model) => Model, when: "now" | "soon" = "now"): void {
    if (this.state.model !== null) this.change({ model: update(this.state.model) }, when);
  }

  /** `soon` for what comes from others: of much at once not each is drawn. */
  private change(change: Partial<State>, when: "now" | "soon" = "now"): void {
    const same = Object.entries(change).every(([key, value]) => this.state[key as keyof State] === value);
    if (same) return;
    this.state = { ...this.state, ...change };
    if (change.model && !this.state.kept) this.keeper.changed(change.model);
    this.bell[when]();
  }
}

/** Whether the server did not answer, or what stands before it said so in its place. */
export function isAway(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

function entries(changes: readonly PresenceChange[]): (readonly [string, PresenceChange])[] {
  return changes.map((change) => [change.user_id, change] as const);
}
