/**
 * One end of a seat's conversation with its room: numbers, acknowledgements, and saying again what was lost. The server has
 * the same machine at its end. There is no clock here: each call says what time it is, in milliseconds.
 */

/** So long an acknowledgement is waited for before something is said again for the first time; each further time doubles it. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 8_000;
/** So long an acknowledgement waits for something to go along with. */
const ACK_AFTER = 250;
/** So many are said again at once: if they get through, the rest follows. */
const RESEND = 16;
/** So far ahead of a missing message others are kept. */
const AHEAD = 64;
/** With so many unacknowledged the other end counts as one that does not listen. */
export const OUTBOX_LIMIT = 1024;

export type Numbered<T> = readonly [seq: number, body: T];

export class Link<Out, In> {
  private said = 0;
  private outbox: Numbered<Out>[] = [];
  private resendAt: number | null = null;
  private retry = FIRST_RETRY;
  private heard = 0;
  private readonly early = new Map<number, In>();
  private ackAt: number | null = null;

  /** The number to acknowledge with whatever is sent. */
  get seen(): number {
    return this.heard;
  }

  /** How many wait for an acknowledgement. */
  get waiting(): number {
    return this.outbox.length;
  }

  /** When `due` will have something. */
  get nextDue(): number | null {
    return earliest(this.resendAt, this.ackAt);
  }

  /** Gives `body` its number and keeps it until it is acknowledged; null when the other end does not listen. */
  say(now: number, body: Out): number | null {
    if (this.outbox.length >= OUTBOX_LIMIT) return null;
    this.said += 1;
    this.outbox.push([this.said, body]);
    this.resendAt ??= now + this.retry;
    this.ackAt = null;
    return this.said;
  }

  /** Hears a numbered message, and hands on what is in order now. */
  hear(now: number, seq: number, body: In): In[] {
    // Also for a repetition: the other end says it again because the acknowledgement was lost.
    this.ackAt ??= now + ACK_AFTER;
    if (seq > this.heard && seq - this.heard <= AHEAD && !this.early.has(seq)) this.early.set(seq, body);
    const inOrder: In[] = [];
    for (let next = this.heard + 1; this.early.has(next); next += 1) {
      inOrder.push(this.early.get(next) as In);
      this.early.delete(next);
      this.heard = next;
    }
    return inOrder;
  }

  /** The other end has everything up to `ack`. A number that was never said changes nothing. */
  acked(now: number, ack: number): void {
    if (ack > this.said) return;
    const before = this.outbox.length;
    this.outbox = this.outbox.filter(([seq]) => seq > ack);
    if (this.outbox.length < before) this.retryFrom(now);
  }

  /** An acknowledgement went along with something that has no number. */
  ackWent(): void {
    this.ackAt = null;
  }

  /** All that is not acknowledged, to be said again at once: the way to the other end is new. */
  again(now: number): readonly Numbered<Out>[] {
    this.retryFrom(now);
    return this.outbox;
  }

  /** What is to be sent because time has passed; `ack` where an acknowledgement must go alone. */
  due(now: number): { again: readonly Numbered<Out>[]; ack: boolean } {
    let again: readonly Numbered<Out>[] = [];
    if (isDue(this.resendAt, now)) {
      this.retry = Math.min(this.retry * 2, LAST_RETRY);
      this.resendAt = now + this.retry;
      again = this.outbox.slice(0, RESEND);
    }
    const ack = isDue(this.ackAt, now) && again.length === 0;
    if (ack || again.length > 0) this.ackAt = null;
    return { again, ack };
  }

  private retryFrom(now: number): void {
    this.retry = FIRST_RETRY;
    this.resendAt = this.outbox.length > 0 ? now + this.retry : null;
  }
}

export function isDue(at: number | null, now: number): boolean {
  return at !== null && at <= now;
}

export function earliest(...moments: (number | null)[]): number | null {
  const set = moments.filter((moment) => moment !== null);
  return set.length > 0 ? Math.min(...set) : null;
}
