/** The connection to the gateway: opens it, notices when it is dead, and opens it again. */
import { GATEWAY_URL } from "@/api/client";
import type { ClientFrame, ServerFrame } from "@/sync/wire";

/** How long it waits for the next try at most, in milliseconds: after the first loss, and after many. */
export interface Pauses {
  first: number;
  longest: number;
}

/** Close codes after which this page may not come back by itself. */
const FINAL = { 4001: "signed_out", 4002: "signed_out", 4009: "too_many" } as const;

export type Ended = (typeof FINAL)[keyof typeof FINAL];

export interface Handlers<In> {
  opened(): void;
  frame(frame: In): void;
  closed(): void;
  /** The server will not let this page in again. */
  ended(why: Ended): void;
}

export class Connection<
  In extends { type: string; heartbeat_ms?: number } = ServerFrame,
  Out extends object = ClientFrame,
> {
  private socket: WebSocket | null = null;
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private heartbeat = 30_000;
  private stopped = false;

  constructor(
    private readonly handlers: Handlers<In>,
    private readonly url: string = GATEWAY_URL,
    private readonly pauses: Pauses = { first: 1_000, longest: 30_000 },
  ) {}

  open(): void {
    clearTimeout(this.timer);
    if (this.stopped || this.socket !== null) return;
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onopen = () => this.handlers.opened();
    // One that was given up says nothing any more.
    socket.onmessage = ({ data }) => this.socket === socket && this.heard(JSON.parse(data as string) as In);
    socket.onclose = ({ code }) => this.lost(socket, code);
    this.listen();
  }

  send(frame: Out | { type: "ping" }): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** The network or the page is back: do not wait any longer. */
  now(): void {
    this.attempts = 0;
    if (this.socket === null) this.open();
    else this.send({ type: "ping" });
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.socket?.close();
  }

  private heard(frame: In): void {
    // A hello, to somebody with an account or a guest.
    if (frame.heartbeat_ms !== undefined) {
      this.attempts = 0;
      this.heartbeat = frame.heartbeat_ms;
    }
    this.listen();
    this.handlers.frame(frame);
  }

  /** A connection on which nothing comes for twice as long as it should is dead. */
  private listen(): void {
    clearTimeout(this.silence);
    const socket = this.socket;
    this.silence = setTimeout(() => socket !== null && this.lost(socket, 1006), this.heartbeat * 2);
  }

  private lost(socket: WebSocket, code: number): void {
    if (this.socket !== socket) return;
    this.socket = null;
    clearTimeout(this.silence);
    socket.close();
    this.handlers.closed();
    const final = FINAL[code as keyof typeof FINAL];
    if (final !== undefined) {
      this.stopped = true;
      this.handlers.ended(final);
    } else if (!this.stopped) {
      const wait = Math.random() * Math.min(this.pauses.longest, 2 ** this.attempts * this.pauses.first);
      this.attempts += 1;
      this.timer = setTimeout(() => this.open(), wait);
    }
  }
}
