/**
 * The page's side of a seat in a room: asks to be let in until it is answered, comes back after a lost connection, says again
 * what may be lost, and hands on what it hears once and in order. It has no socket and no timer: whoever drives it tells what
 * happened and does what comes back.
 */
import { earliest, isDue, Link } from "./link";
import type { ClientMessage, Join, LeaveReason, RoomMessage, Said, Told } from "./wire";

const ASK_EVERY = 1_000;
const PING_EVERY = 10_000;
/** By this an error of the gateway is known as the answer to a `join`. */
const JOIN_ID = "join";

export type SignalInput =
  /** There is a connection that takes frames, for the first time or again. */
  | { type: "connected" }
  | { type: "disconnected" }
  /** The room says something on the connection that there is. */
  | { type: "heard"; message: RoomMessage }
  /** The gateway, not the room, refuses a frame. */
  | { type: "failed"; id?: string | number; code: string; detail: string }
  | { type: "say"; body: Said; id?: string }
  /** Time has passed; see `nextDue`. */
  | { type: "tick" };

export type SignalOutput =
  | { type: "send"; message: ClientMessage }
  /** The room said this, once and in order. */
  | { type: "told"; body: Told }
  /** One may not come in; asking again, with a password or later, needs a new seat. */
  | { type: "refused"; code: string; detail: string }
  /** It is over; `again` where one should join anew, with a new seat. */
  | { type: "over"; reason: LeaveReason; again: boolean };

interface Out {
  body: Said;
  id?: string;
}

export class Signal {
  private link = new Link<Out, Told>();
  private session: string | null = null;
  private connected = false;
  /** How many connections there were. */
  private attempt = 0;
  /** When to ask (again) to be let in, until something is heard on this connection. */
  private askAt: number | null = null;
  private pingAt = 0;
  private over = false;

  constructor(private readonly join: Join) {}

  get isOver(): boolean {
    return this.over;
  }

  /** When to tell `tick`. */
  get nextDue(): number | null {
    if (!this.connected || this.over) return null;
    return earliest(this.askAt, this.link.nextDue, this.pingAt);
  }

  handle(now: number, input: SignalInput): SignalOutput[] {
    const outputs: SignalOutput[] = [];
    if (this.over) return outputs;
    switch (input.type) {
      case "connected":
        this.connected = true;
        this.attempt += 1;
        this.pingAt = now + PING_EVERY;
        // What came early on the last connection was for a seat that nobody has the key of.
        if (this.session === null) this.link = new Link();
        this.ask(now, outputs);
        break;
      case "disconnected":
        this.connected = false;
        this.askAt = null;
        break;
      case "heard":
        this.hear(now, input.message, outputs);
        break;
      case "failed":
        // The server may be able to look in a moment; `join` is said again by itself.
        if (input.id === JOIN_ID && this.askAt !== null && input.code !== "unavailable")
          this.refuse(input.code, input.detail, outputs);
        break;
      case "say":
        this.say(now, { body: input.body, id: input.id }, outputs);
        break;
      case "tick":
        this.tick(now, outputs);
        break;
    }
    return outputs;
  }

  private ask(now: number, outputs: SignalOutput[]): void {
    this.askAt = now + ASK_EVERY;
    const resume = this.session !== null && {
      resume: { session: this.session, last_seq: this.link.seen, attempt: this.attempt },
    };
    this.sendBare({ type: "join", id: JOIN_ID, ...this.join, ...resume }, outputs);
  }

  private say(now: number, out: Out, outputs: SignalOutput[]): void {
    // Before one has a seat there is nobody to say it to.
    if (this.session === null) return;
    const seq = this.link.say(now, out);
    if (seq === null) this.end("too_slow", true, outputs);
    else this.send(seq, out, outputs);
  }

  private send(seq: number, { body, id }: Out, outputs: SignalOutput[]): void {
    if (!this.connected) return;
    const message = { seq, ack: this.link.seen, ...(id !== undefined && { id }), ...body };
    outputs.push({ type: "send", message });
  }

  private sendBare(
    body: { type: "ping" | "ack" } | ({ type: "join"; id: string } & Join),
    outputs: SignalOutput[],
  ): void {
    this.link.ackWent();
    if (this.connected) outputs.push({ type: "send", message: { seq: 0, ack: this.link.seen, ...body } });
  }

  private hear(now: number, message: RoomMessage, outputs: SignalOutput[]): void {
    const { seq, ack = 0, ...body } = message;
    this.link.acked(now, ack);
    if (seq === 0) return this.hearBare(now, body as RoomMessage, outputs);
    this.askAt = null;
    for (const told of this.link.hear(now, seq, body as Told)) {
      if (told.type === "waiting" || told.type === "joined") this.session = told.session;
      if (told.type === "leave") return this.leave(now, told.reason, told.action, outputs);
      outputs.push({ type: "told", body: told });
    }
  }

  private hearBare(now: number, body: RoomMessage, outputs: SignalOutput[]): void {
    switch (body.type) {
      case "resumed":
        // A second one answers a repetition: what it could bring back is on its way already.
        if (this.askAt === null) return;
        this.askAt = null;
        for (const [seq, out] of this.link.again(now)) this.send(seq, out, outputs);
        return;
      case "leave":
        return this.leave(now, body.reason, body.action, outputs);
      case "error":
        // Somebody who comes back asks once a second anyway, so too many questions stop by themselves.
        if (this.askAt !== null && (this.session === null || body.code !== "rate_limited"))
          this.refuse(body.code, body.detail, outputs);
    }
  }

  private leave(
    now: number,
    reason: LeaveReason,
    action: "disconnect" | "resume" | "reconnect",
    outputs: SignalOutput[],
  ): void {
    if (action !== "resume") this.end(reason, action === "reconnect", outputs);
    // Where one asks already, the next question comes by the clock: two answers must not make two questions.
    else if (this.askAt === null) this.ask(now, outputs);
  }

  private refuse(code: string, detail: string, outputs: SignalOutput[]): void {
    this.over = true;
    outputs.push({ type: "refused", code, detail });
  }

  private end(reason: LeaveReason, again: boolean, outputs: SignalOutput[]): void {
    this.over = true;
    outputs.push({ type: "over", reason, again });
  }

  private tick(now: number, outputs: SignalOutput[]): void {
    if (!this.connected) return;
    if (isDue(this.askAt, now)) this.ask(now, outputs);
    const { again, ack } = this.link.due(now);
    for (const [seq, out] of again) this.send(seq, out, outputs);
    if (this.pingAt <= now) {
      this.pingAt = now + PING_EVERY;
      this.sendBare({ type: "ping" }, outputs);
    } else if (ack) this.sendBare({ type: "ack" }, outputs);
  }
}
