/** How good a connection is, in words: from what a browser counts of it. */
import type { Level } from "./wire";

/** What was counted up to a moment. */
export interface Sample {
  /** In milliseconds. */
  at: number;
  received: number;
  lost: number;
  /** What the other end says that it lost of what was sent to it, 0 to 1; null until it has. */
  theirLoss: number | null;
  /** There and back, in seconds; null where it is not known yet. */
  roundTrip: number | null;
}

export interface Link {
  level: Level;
  /** Why it is not good; empty where it is. */
  why: string;
}

/** A part of the packets. Beyond the first, words are missed; beyond the second, whole sentences. */
const LOSS = { fair: 0.03, poor: 0.1 };
/** In seconds. Beyond the second people begin to talk at the same time. */
const ROUND_TRIP = { fair: 0.3, poor: 0.6 };

export const LEVEL: Record<Level, string> = {
  good: "Good connection",
  fair: "Weak connection",
  poor: "Very weak connection",
};

/** What happened between two moments. `expects` where the other has something on that should arrive. */
export function linkOf(before: Sample, now: Sample, expects: boolean): Link {
  const received = now.received - before.received;
  const lost = Math.max(0, now.lost - before.lost);
  if (expects && received <= 0) return { level: "poor", why: "Nothing arrives" };
  const loss = Math.max(received + lost > 0 ? lost / (received + lost) : 0, now.theirLoss ?? 0);
  if (loss >= LOSS.poor) return { level: "poor", why: "Much is lost on the way" };
  const trip = now.roundTrip ?? 0;
  if (trip >= ROUND_TRIP.poor) return { level: "poor", why: "It takes long to arrive" };
  if (loss >= LOSS.fair) return { level: "fair", why: "Some is lost on the way" };
  if (trip >= ROUND_TRIP.fair) return { level: "fair", why: "It takes a while to arrive" };
  return { level: "good", why: "" };
}

const RANK: Record<Level, number> = { good: 0, fair: 1, poor: 2 };

/**
 * One's own connection is as good as the best of all links: where one of them is good, another that is not is bad at its other
 * end.
 */
export function ownLevel(links: readonly Link[]): Level | null {
  return links.reduce<Level | null>(
    (best, { level }) => (best === null || RANK[level] < RANK[best] ? level : best),
    null,
  );
}

/** The worse of what is measured here and what they say themselves. */
export function worse(one: Level | undefined, two: Level | undefined): Level | undefined {
  if (one === undefined || two === undefined) return one ?? two;
  return RANK[one] >= RANK[two] ? one : two;
}

/** What a browser counts, in one sample. */
export function sampleOf(stats: Iterable<Record<string, unknown>>, at: number): Sample {
  const sample: Sample = { at, received: 0, lost: 0, theirLoss: null, roundTrip: null };
  const number = (value: unknown) => (typeof value === "number" ? value : 0);
  for (const it of stats) {
    if (it.type === "inbound-rtp") {
      sample.received += number(it.packetsReceived);
      sample.lost += number(it.packetsLost);
    } else if (it.type === "remote-inbound-rtp" && typeof it.fractionLost === "number")
      sample.theirLoss = Math.max(sample.theirLoss ?? 0, it.fractionLost);
    else if (it.type === "candidate-pair" && it.nominated === true && typeof it.currentRoundTripTime === "number")
      sample.roundTrip = it.currentRoundTripTime;
  }
  return sample;
}
