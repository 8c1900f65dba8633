/**
 * This side of agreeing with one other device on what to send: the W3C's "perfect negotiation" with numbers, for messages that
 * may be lost, doubled and reordered. The server's native peers have the same machine.
 *
 * Either side may offer at any time. When both do at once, the polite one, whose peer number is higher, takes its offer back
 * and answers, and offers again afterwards; the other ignores the offer, and the candidates that belong to it.
 *
 * Negotiations of a pair are counted in rounds. An offer is for the round after the one that was agreed on last; its `nid` is
 * twice the round, and one more from the polite side. So at most one offer of a round is ever agreed on. An offer without an
 * answer is said again, and the one that was agreed on is answered again, since the answer may have been lost.
 *
 * A browser does one thing at a time: each `do` is followed by `done`, and what is heard meanwhile waits here. There is no
 * clock: each call says what time it is, in milliseconds.
 */
import { earliest, isDue } from "./link";
import type { Description, PeerId } from "./wire";

const FIRST_RETRY = 3_000;
const LAST_RETRY = 24_000;
/** So long a connection may be interrupted before its way is looked for anew: most interruptions end by themselves. */
const INTERRUPTED = 4_000;
const AFTER_FAILURE = 1_000;
/** So long after two have agreed for the first time they may take to connect. A browser may look for no way at all, and not say so. */
const CONNECTING = 10_000;
/** So often the way is looked for anew then. */
const TRIES = 3;
/** After so many failures or restarts in a row without a connection it is given up. */
const PATIENCE = 5;
/** What is lost beyond these is said again. */
const QUEUE = 256;
const EARLY = 128;
/** Candidates of so many negotiations are taken: they are still found while the next one is agreed on. */
const RECENT = 8;

/** Absent where there are no more. */
type Candidate = RTCIceCandidateInit | undefined;

export type NegotiationInput =
  /** What one wants to send has changed. */
  | { type: "needed" }
  /** The way to the other must be found anew: the seat was resumed, or the network is another one. */
  | { type: "restart" }
  | { type: "connection"; state: "connected" | "disconnected" | "failed" }
  | { type: "heard"; description: Description }
  /** The browser found a way to reach this side; `final` where it was the last. */
  | { type: "found"; candidate: Candidate; final: boolean }
  | { type: "done"; outcome: Outcome }
  | { type: "tick" };

export type Outcome =
  /** An offer or an answer, which is the local description now. */
  | { type: "described"; sdp: string }
  /** The other's description is in force. */
  | { type: "applied" }
  | { type: "failed" };

export type Operation =
  /** Make an offer and make it the local description, after taking back what was begun. */
  | { type: "offer"; restart: boolean; rollback: boolean }
  | { type: "take_offer"; sdp: string; rollback: boolean }
  | { type: "answer" }
  | { type: "take_answer"; sdp: string };

export type NegotiationOutput =
  /** Ask the browser, and tell `done` afterwards. */
  | { type: "do"; operation: Operation }
  /** Give the browser a candidate of the other side, and do not wait. */
  | { type: "add_candidate"; candidate: Candidate }
  | { type: "tell"; description: Description }
  /** Nothing helps: this connection must be made anew. */
  | { type: "gave_up" };

type Doing = { operation: Operation; nid: number };

interface Offer {
  nid: number;
  sdp: string;
  restart: boolean;
  againAt: number;
  retry: number;
}

const roundOf = (nid: number) => Math.floor(nid / 2);

export class Negotiation {
  private readonly polite: boolean;
  /** What was agreed on last; 0 before the first time. */
  private agreedNid = 0;
  /** One's own answer to it, where the other side had offered. */
  private answer: string | null = null;
  /** The one that waits for its answer. */
  private offer: Offer | null = null;
  private doing: Doing | null = null;
  /** The browser was left with half a negotiation. */
  private dirty = false;
  private needed = false;
  private restart = false;
  private restartAt: number | null = null;
  private retryAt: number | null = null;
  /** By when there should be a first connection; null before two have agreed, and after it. */
  private connectAt: number | null = null;
  private connected = false;
  private tries = 0;
  private failures = 0;
  private gaveUp = false;
  private readonly queue: Exclude<Description, { type: "trickle" }>[] = [];
  private early: { nid: number; candidate: Candidate }[] = [];
  /** Negotiations whose remote description was in force, the newest last. */
  private recent: number[] = [];
  /** Candidates of this side that were found before it was clear what they belong to. */
  private found: { candidate: Candidate; final: boolean }[] = [];

  constructor(me: PeerId, other: PeerId) {
    this.polite = me > other;
  }

  get agreed(): number {
    return this.agreedNid;
  }

  /** Whether no offer is out, and none is needed. */
  get isStable(): boolean {
    return this.doing === null && this.offer === null && !this.needed && !this.restart && this.queue.length === 0;
  }

  /** When to tell `tick`. */
  get nextDue(): number | null {
    return earliest(this.offer?.againAt ?? null, this.restartAt, this.retryAt, this.connectAt);
  }

  handle(now: number, input: NegotiationInput): NegotiationOutput[] {
    const outputs: NegotiationOutput[] = [];
    switch (input.type) {
      case "needed":
        this.needed = true;
        break;
      case "restart":
        this.restart = true;
        break;
      case "connection":
        this.connection(now, input.state, outputs);
        break;
      case "heard":
        if (input.description.type === "trickle") this.candidate(input.description, outputs);
        else if (this.queue.length < QUEUE) this.queue.push(input.description);
        break;
      case "found":
        this.find(input.candidate, input.final, outputs);
        break;
      case "done":
        this.done(now, input.outcome, outputs);
        break;
      case "tick":
        this.tick(now, outputs);
        break;
    }
    this.goOn(outputs);
    return outputs;
  }

  private goOn(outputs: NegotiationOutput[]): void {
    while (this.doing === null) {
      const description = this.queue.shift();
      if (description === undefined) break;
      if (description.type === "offer") this.hearOffer(description.nid, description.sdp, outputs);
      else if (this.offer?.nid === description.nid)
        this.start(description.nid, { type: "take_answer", sdp: description.sdp }, outputs);
    }
    if (this.doing !== null || this.offer !== null || this.retryAt !== null) return;
    if (!this.needed && !this.restart) return;
    const nid = (roundOf(this.agreedNid) + 1) * 2 + (this.polite ? 1 : 0);
    const operation = { type: "offer", restart: this.restart, rollback: this.dirty } as const;
    this.needed = this.restart = this.dirty = false;
    this.start(nid, operation, outputs);
  }

  private start(nid: number, operation: Operation, outputs: NegotiationOutput[]): void {
    this.doing = { nid, operation };
    outputs.push({ type: "do", operation });
  }

  private hearOffer(nid: number, sdp: string, outputs: NegotiationOutput[]): void {
    // One's own kind of number: the other side cannot have made it.
    if (nid % 2 === (this.polite ? 1 : 0)) return;
    if (nid === this.agreedNid && this.answer !== null) this.tell({ type: "answer", nid, sdp: this.answer }, outputs);
    // Of a round that is agreed, or of one after the next: then one's own answer is late, and the offer is said again.
    if (roundOf(nid) !== roundOf(this.agreedNid) + 1) return;
    let rollback = this.dirty;
    if (this.offer !== null) {
      // Both offered, and the other side gives way.
      if (!this.polite) return;
      this.restart ||= this.offer.restart;
      this.needed = true;
      this.offer = null;
      rollback = true;
    }
    this.dirty = false;
    this.start(nid, { type: "take_offer", sdp, rollback }, outputs);
  }

  private done(now: number, outcome: Outcome, outputs: NegotiationOutput[]): void {
    const doing = this.doing;
    this.doing = null;
    if (doing === null) return;
    const { nid, operation } = doing;
    if (operation.type === "offer" && outcome.type === "described") {
      const { restart } = operation;
      this.offer = { nid, sdp: outcome.sdp, restart, againAt: now + FIRST_RETRY, retry: FIRST_RETRY };
      this.tell({ type: "offer", nid, sdp: outcome.sdp }, outputs);
      this.tellFound(nid, outputs);
    } else if (operation.type === "take_offer" && outcome.type === "applied") {
      this.inForce(nid, outputs);
      this.start(nid, { type: "answer" }, outputs);
    } else if (operation.type === "answer" && outcome.type === "described") {
      this.agree(now, nid, outcome.sdp);
      this.tell({ type: "answer", nid, sdp: outcome.sdp }, outputs);
      this.tellFound(nid, outputs);
    } else if (operation.type === "take_answer" && outcome.type === "applied") {
      this.offer = null;
      this.inForce(nid, outputs);
      this.agree(now, nid, null);
    } else this.failed(now, doing, outputs);
  }

  private agree(now: number, nid: number, answer: string | null): void {
    if (!this.connected) this.connectAt ??= now + CONNECTING;
    this.agreedNid = nid;
    this.answer = answer;
    this.failures = 0;
    // What waited for an offer of this round that was not the one belongs to nothing any more.
    this.early = this.early.filter((waiting) => roundOf(waiting.nid) > roundOf(nid));
  }

  private failed(now: number, { nid, operation }: Doing, outputs: NegotiationOutput[]): void {
    if (operation.type === "offer") {
      this.needed = true;
      this.restart ||= operation.restart;
      this.retryAt = now + AFTER_FAILURE;
    } else if (operation.type === "answer") {
      // The browser has the offer and no answer: whatever comes next begins with taking that back.
      this.dirty = true;
      this.recent = this.recent.filter((other) => other !== nid);
    }
    // What the other side said, it says again.
    this.losePatience(outputs);
  }

  private losePatience(outputs: NegotiationOutput[]): void {
    this.failures += 1;
    if (this.failures < PATIENCE || this.gaveUp) return;
    this.gaveUp = true;
    outputs.push({ type: "gave_up" });
  }

  private waitNoLonger(now: number, outputs: NegotiationOutput[]): void {
    this.connectAt = now + CONNECTING;
    this.restart = true;
    this.tries += 1;
    if (this.tries < TRIES || this.gaveUp) return;
    this.gaveUp = true;
    outputs.push({ type: "gave_up" });
  }

  private connection(now: number, state: "connected" | "disconnected" | "failed", outputs: NegotiationOutput[]): void {
    if (state === "connected") {
      this.restartAt = this.connectAt = null;
      this.connected = true;
      this.restart = this.gaveUp = false;
      this.failures = 0;
    } else if (state === "disconnected") this.restartAt ??= now + INTERRUPTED;
    else {
      this.restartAt = null;
      this.restart = true;
      this.losePatience(outputs);
    }
  }

  private tick(now: number, outputs: NegotiationOutput[]): void {
    if (isDue(this.retryAt, now)) this.retryAt = null;
    if (isDue(this.restartAt, now)) {
      this.restartAt = null;
      this.restart = true;
    }
    if (isDue(this.connectAt, now)) this.waitNoLonger(now, outputs);
    const { offer } = this;
    if (offer === null || offer.againAt > now) return;
    offer.retry = Math.min(offer.retry * 2, LAST_RETRY);
    offer.againAt = now + offer.retry;
    if (this.doing === null) this.tell({ type: "offer", nid: offer.nid, sdp: offer.sdp }, outputs);
  }

  /** A description of the other side is in force: its candidates are good from now on. */
  private inForce(nid: number, outputs: NegotiationOutput[]): void {
    this.recent = [...this.recent, nid].slice(-RECENT);
    for (const { nid: other, candidate } of this.early)
      if (other === nid) outputs.push({ type: "add_candidate", candidate });
    this.early = this.early.filter((waiting) => waiting.nid !== nid);
  }

  private candidate({ nid, candidate }: { nid: number; candidate?: Candidate }, outputs: NegotiationOutput[]): void {
    if (this.recent.includes(nid)) outputs.push({ type: "add_candidate", candidate });
    else if (roundOf(nid) > roundOf(this.agreedNid) && this.early.length < EARLY) this.early.push({ nid, candidate });
  }

  private find(candidate: Candidate, final: boolean, outputs: NegotiationOutput[]): void {
    const operation = this.doing?.operation;
    // It belongs to what is being taken back.
    if (operation?.type === "take_offer" && operation.rollback) return;
    const unclear = operation?.type === "offer" || operation?.type === "answer";
    const nid = this.offer?.nid ?? this.agreedNid;
    if (unclear || nid === 0) this.found.push({ candidate, final });
    else this.tell({ type: "trickle", nid, candidate, final }, outputs);
  }

  private tellFound(nid: number, outputs: NegotiationOutput[]): void {
    for (const { candidate, final } of this.found) this.tell({ type: "trickle", nid, candidate, final }, outputs);
    this.found = [];
  }

  private tell(description: Description, outputs: NegotiationOutput[]): void {
    outputs.push({ type: "tell", description });
  }
}
