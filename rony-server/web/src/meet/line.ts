/** The connection of a meeting: a gateway of its own, on which a seat is kept. */
import { GATEWAY_URL } from "@/api/client";
import { Connection, type Ended } from "@/client/socket";
import { Signal, type SignalOutput } from "./signal";
import type { ClientMessage, Join, RoomMessage, Said } from "./wire";

/** Somebody in a meeting waits less for the next try: the seat is kept for half a minute. */
const PAUSES = { first: 500, longest: 5_000 };
/** Why another try would end in the same way. */
const FINAL: Record<Ended, string> = {
  signed_out: "You are not signed in any more. Reload the page.",
  too_many: "You are connected too often. Close Rony in other tabs and on other devices first.",
};

/** Where the server has a word for why, it comes as a `refused`. */
export type LineOutput = Exclude<SignalOutput, { type: "send" }> | { type: "connected" | "disconnected" };

type Frame =
  | { type: "hello" | "guest_hello"; heartbeat_ms: number }
  | { type: "rtc"; room: string; message: RoomMessage; heartbeat_ms?: undefined }
  | { type: "error"; id?: string | number; code: string; detail: string; heartbeat_ms?: undefined };

type Sent =
  | { type: "auth"; token: string }
  | { type: "resume" }
  | { type: "rtc"; room: string; message: ClientMessage };

export class Line {
  private readonly signal: Signal;
  private readonly connection: Connection<Frame, Sent>;
  private due: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(
    private readonly join: Join,
    /** A guest's; those who are signed in have their cookie. */
    token: string | null,
    private readonly happened: (output: LineOutput) => void,
  ) {
    this.signal = new Signal(join);
    this.connection = new Connection<Frame, Sent>(
      {
        opened: () => {
          if (token !== null) this.connection.send({ type: "auth", token });
          this.connection.send({ type: "resume" });
        },
        frame: (frame) => this.heard(frame),
        closed: () => {
          if (this.stopped) return;
          this.input({ type: "disconnected" });
          this.happened({ type: "disconnected" });
        },
        ended: (why) => this.happened({ type: "refused", code: "signed_out", detail: FINAL[why] }),
      },
      token === null ? GATEWAY_URL : `${GATEWAY_URL}?guest`,
      PAUSES,
    );
    window.addEventListener("online", this.now);
    this.connection.open();
  }

  say(body: Said, id?: string): void {
    this.input({ type: "say", body, id });
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.now);
    clearTimeout(this.due);
    this.connection.stop();
  }

  private readonly now = () => this.connection.now();

  private heard(frame: Frame): void {
    if (frame.type === "hello" || frame.type === "guest_hello") {
      this.happened({ type: "connected" });
      this.input({ type: "connected" });
    } else if (frame.type === "rtc" && frame.room === this.join.room)
      this.input({ type: "heard", message: frame.message });
    else if (frame.type === "error") this.input({ ...frame, type: "failed" });
  }

  private input(input: Parameters<Signal["handle"]>[1]): void {
    if (this.stopped) return;
    for (const output of this.signal.handle(performance.now(), input)) {
      if (output.type !== "send") this.happened(output);
      else this.connection.send({ type: "rtc", room: this.join.room, message: output.message });
    }
    clearTimeout(this.due);
    const due = this.stopped ? null : this.signal.nextDue;
    if (due !== null) this.due = setTimeout(() => this.input({ type: "tick" }), Math.max(0, due - performance.now()));
  }
}
