/** One other device: its connection, and the negotiation that keeps the two agreed on what is sent. */
import { Negotiation, type NegotiationInput, type Operation, type Outcome } from "./negotiation";
import type { Description, PeerId } from "./wire";

/** What is used of a browser's connection, so that tests can stand in for it. */
export type PeerConnection = Pick<
  RTCPeerConnection,
  | "setLocalDescription"
  | "setRemoteDescription"
  | "addIceCandidate"
  | "restartIce"
  | "currentRemoteDescription"
  | "localDescription"
  | "signalingState"
  | "connectionState"
  | "close"
  | "onnegotiationneeded"
  | "onicecandidate"
  | "onconnectionstatechange"
>;

export interface PeerHandlers {
  tell(description: Description): void;
  connection(state: RTCPeerConnectionState): void;
  /** This connection does not come about: make another one. */
  gaveUp(): void;
}

/** So long the polite side leaves the first offer to the other one: when two people meet, both have something to send at once. */
const FIRST_OFFER = 1_000;
/** So long a browser may take to find the first way to this side, before an offer is taken back nevertheless. */
const FIRST_WAY = 1_000;

export class Peer {
  private readonly negotiation: Negotiation;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Set while the first offer is left to the other side. */
  private waits: ReturnType<typeof setTimeout> | undefined;
  /** Somebody has begun: from now on either side offers when it needs to. */
  private begun = false;
  private closed = false;
  private readonly firstWay: Promise<void>;
  private foundWay = () => {};

  constructor(
    private readonly connection: PeerConnection,
    private readonly me: PeerId,
    private readonly other: PeerId,
    private readonly handlers: PeerHandlers,
  ) {
    this.negotiation = new Negotiation(me, other);
    this.firstWay = new Promise((resolve) => {
      this.foundWay = resolve;
    });
    connection.onnegotiationneeded = () => this.needed();
    connection.onicecandidate = ({ candidate }) => {
      this.foundWay();
      // An empty line is a browser's word for the end of one part; the end of all is null.
      if (candidate?.candidate === "") return;
      this.input({ type: "found", candidate: candidate?.toJSON(), final: candidate === null });
    };
    connection.onconnectionstatechange = () => {
      const state = connection.connectionState;
      if (state === "connected" || state === "disconnected" || state === "failed")
        this.input({ type: "connection", state });
      if (!this.closed) handlers.connection(state);
    };
  }

  heard(description: Description): void {
    // What this side has to send goes along with its answer; the browser says so if more is needed.
    if (description.type === "offer") this.begin();
    this.input({ type: "heard", description });
  }

  /** Looks for the way anew. */
  restart(): void {
    this.input({ type: "restart" });
  }

  close(): void {
    this.closed = true;
    this.foundWay();
    clearTimeout(this.timer);
    clearTimeout(this.waits);
    this.connection.onnegotiationneeded = null;
    this.connection.onicecandidate = null;
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  private needed(): void {
    if (this.begun || this.me < this.other) this.offerNow();
    else this.waits ??= setTimeout(() => this.offerNow(), FIRST_OFFER);
  }

  private offerNow(): void {
    this.begin();
    this.input({ type: "needed" });
  }

  private begin(): void {
    this.begun = true;
    clearTimeout(this.waits);
  }

  private input(input: NegotiationInput): void {
    if (this.closed) return;
    for (const output of this.negotiation.handle(performance.now(), input)) {
      if (output.type === "do") void this.carryOut(output.operation);
      else if (output.type === "tell") this.handlers.tell(output.description);
      else if (output.type === "gave_up") this.handlers.gaveUp();
      // One that cannot be used is no harm: there are others.
      else void this.connection.addIceCandidate(output.candidate).catch(() => {});
      // What it was told may have closed it.
      if (this.closed) return;
    }
    clearTimeout(this.timer);
    const due = this.negotiation.nextDue;
    if (due !== null) this.timer = setTimeout(() => this.input({ type: "tick" }), Math.max(0, due - performance.now()));
  }

  private async carryOut(operation: Operation): Promise<void> {
    let outcome: Outcome;
    try {
      outcome = await this.ask(operation);
    } catch {
      outcome = { type: "failed" };
    }
    this.input({ type: "done", outcome });
  }

  private async ask(operation: Operation): Promise<Outcome> {
    const { connection } = this;
    switch (operation.type) {
      case "offer":
        if (operation.rollback) await this.takeBack();
        if (operation.restart) connection.restartIce();
        return this.describe("offer");
      case "take_offer":
        if (operation.rollback) await this.takeBack();
        await connection.setRemoteDescription({ type: "offer", sdp: operation.sdp });
        return { type: "applied" };
      case "answer":
        return this.describe("answer");
      case "take_answer":
        await connection.setRemoteDescription({ type: "answer", sdp: operation.sdp });
        return { type: "applied" };
    }
  }

  private async describe(type: RTCSdpType): Promise<Outcome> {
    // The browser makes what fits the state that it is in: an offer where nothing is begun, else an answer.
    await this.connection.setLocalDescription();
    const made = this.connection.localDescription;
    return made?.type === type ? { type: "described", sdp: made.sdp } : { type: "failed" };
  }

  private async takeBack(): Promise<void> {
    const { connection } = this;
    // Chromium finds no way for ever, not even after a restart, when its first offer is taken back while it begins to look.
    if (connection.currentRemoteDescription === null) await this.firstWayOrTime();
    if (connection.signalingState === "have-local-offer") await connection.setLocalDescription({ type: "rollback" });
    else if (connection.signalingState === "have-remote-offer")
      await connection.setRemoteDescription({ type: "rollback" });
  }

  private async firstWayOrTime(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const time = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FIRST_WAY);
    });
    await Promise.race([this.firstWay, time]);
    clearTimeout(timer);
  }
}
