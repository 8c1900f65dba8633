/** Measures the connections to all others, again and again. */
import { type Link, linkOf, type Sample, sampleOf } from "./quality";
import type { PeerId } from "./wire";

const EVERY = 3_000;

interface Measured {
  connection: RTCPeerConnection;
  /** Whether the other has something on that should arrive. */
  expects: boolean;
}

/** Tells of the links that there are, until it is stopped. */
export function measure(
  all: () => ReadonlyMap<PeerId, Measured>,
  measured: (links: ReadonlyMap<PeerId, Link>) => void,
): () => void {
  const before = new Map<PeerId, { of: RTCPeerConnection; expects: boolean; sample: Sample }>();
  let stopped = false;
  const timer = setInterval(async () => {
    const links = new Map<PeerId, Link>();
    const now = [...all()];
    for (const [peer, { connection, expects }] of now) {
      if (connection.connectionState !== "connected") continue;
      const stats = await connection.getStats().catch(() => null);
      if (stats === null) continue;
      const sample = sampleOf((stats as unknown as Map<string, Record<string, unknown>>).values(), performance.now());
      const last = before.get(peer);
      // What has just begun need not have arrived yet.
      if (last?.of === connection) links.set(peer, linkOf(last.sample, sample, expects && last.expects));
      before.set(peer, { of: connection, expects, sample });
    }
    for (const peer of before.keys()) if (!now.some(([there]) => there === peer)) before.delete(peer);
    if (!stopped) measured(links);
  }, EVERY);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
