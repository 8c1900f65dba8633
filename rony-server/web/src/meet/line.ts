/** The connection of a meeting: a gateway of its own, on which a seat is kept. */
import { GATEWAY_URL } from "@/api/client";
import { Signal, type SignalOutput } from "./signal";
import type { Join, RoomMessage, Said } from "./wire";

/** Without a word for twice as long as heartbeats take, a connection is dead. */
const SILENCE = 60_000;
/** The longest that somebody in a meeting waits for the next try: the seat is kept for half a minute. */
const LONGEST = 5_000;
/** Close codes after which another try would end in the same way. */
const FINAL: Record<number, string> = {
  4001: "You are not signed in any more. Reload the page.",
  4002: "You were signed out. Reload the page.",
  4009: "You are connected too often. Close Rony in other tabs and on other devices first.",
};

/** Where the server has a word for why, it comes as a `refused`. */
export type LineOutput = Exclude<SignalOutput, { type: "send" }> | { type: "connected" | "disconnected" };

type Frame =
  | { type: "hello" | "guest_hello" }
  | { type: "rtc"; room: string; message: RoomMessage }
  | { type: "error"; id?: string | number; code: string; detail: string };

export class Line {
  private readonly signal: Signal;
  private socket: WebSocket | null = null;
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private due: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(
    private readonly join: Join,
    /** A guest's; those who are signed in have their cookie. */
    private readonly token: string | null,
    private readonly happened: (output: LineOutput) => void,
  ) {
    this.signal = new Signal(join);
    window.addEventListener("online", this.now);
    this.open();
  }

  say(body: Said, id?: string): void {
    this.input({ type: "say", body, id });
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.now);
    for (const timer of [this.retry, this.due, this.silence]) clearTimeout(timer);
    this.socket?.close();
    this.socket = null;
  }

  private readonly now = () => {
    this.attempts = 0;
    if (this.socket === null) this.open();
  };

  private open(): void {
    clearTimeout(this.retry);
    if (this.stopped) return;
    const socket = new WebSocket(this.token === null ? GATEWAY_URL : `${GATEWAY_URL}?guest`);
    this.socket = socket;
    socket.onopen = () => {
      if (this.token !== null) socket.send(JSON.stringify({ type: "auth", token: this.token }));
      socket.send(JSON.stringify({ type: "resume" }));
    };
    socket.onmessage = ({ data }) => this.socket === socket && this.heard(socket, JSON.parse(data as string) as Frame);
    socket.onclose = ({ code }) => this.lost(socket, code);
    this.listen(socket);
  }

  private heard(socket: WebSocket, frame: Frame): void {
    this.listen(socket);
    if (frame.type === "hello" || frame.type === "guest_hello") {
      this.attempts = 0;
      this.happened({ type: "connected" });
      this.input({ type: "connected" });
    } else if (frame.type === "rtc" && frame.room === this.join.room)
      this.input({ type: "heard", message: frame.message });
    else if (frame.type === "error") this.input({ ...frame, type: "failed" });
  }

  private listen(socket: WebSocket): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(socket, 1006), SILENCE);
  }

  private lost(socket: WebSocket, code: number): void {
    if (this.socket !== socket) return;
    this.socket = null;
    clearTimeout(this.silence);
    socket.close();
    this.input({ type: "disconnected" });
    if (this.stopped) return;
    const final = FINAL[code];
    if (final !== undefined) return this.happened({ type: "refused", code: "signed_out", detail: final });
    this.happened({ type: "disconnected" });
    const wait = Math.random() * Math.min(LONGEST, 2 ** this.attempts * 500);
    this.attempts += 1;
    this.retry = setTimeout(() => this.open(), wait);
  }

  private input(input: Parameters<Signal["handle"]>[1]): void {
    if (this.stopped) return;
    for (const output of this.signal.handle(performance.now(), input)) {
      if (output.type !== "send") this.happened(output);
      else if (this.socket?.readyState === WebSocket.OPEN)
        this.socket.send(JSON.stringify({ type: "rtc", room: this.join.room, message: output.message }));
    }
    clearTimeout(this.due);
    const due = this.stopped ? null : this.signal.nextDue;
    if (due !== null) this.due = setTimeout(() => this.input({ type: "tick" }), Math.max(0, due - performance.now()));
  }
}
