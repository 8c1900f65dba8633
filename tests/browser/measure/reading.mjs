// What can be read of a call while it goes on: of the server, of the browser's processes, and of what arrives in each page.
import { readFileSync } from "node:fs";

/** What the process has resident, in MB. */
export function resident(pid) {
  const kilobytes = readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB$/m)?.[1];
  if (kilobytes === undefined) throw new Error(`the process ${pid} has ended`);
  return (Number(kilobytes) * 1024) / 1_000_000;
}

/** What the processes of so many pages in a call have resident together, in MB. */
export async function renderers(session, pages) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  // There are others, which a browser keeps for what comes and lets go when it likes. They have nothing to do.
  const busiest = processInfo
    .filter(({ type }) => type === "renderer")
    .sort((one, other) => other.cpuTime - one.cpuTime)
    .slice(0, pages);
  return busiest.reduce((sum, { id }) => sum + resident(id), 0);
}

/** The heap of a page without what is not needed any more, in MB. */
export async function heap(session) {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1_000_000;
}

/** What a page has got from the other so far, as its connections count it; of the room's answers those since the last time. */
export function counted(page) {
  return page.evaluate(async () => {
    const { connections, signaling } = window.rony;
    const [connection] = connections.slice(-1);
    const stats = [...((await connection?.getStats()) ?? new Map()).values()];
    const incoming = (kind) => {
      const it = stats.find((one) => one.type === "inbound-rtp" && one.kind === kind) ?? {};
      return {
        received: it.packetsReceived ?? 0,
        lost: it.packetsLost ?? 0,
        frames: it.framesDecoded ?? 0,
        samples: it.totalSamplesReceived ?? 0,
        concealed: it.concealedSamples ?? 0,
        // Summed over all that left the jitter buffer, in seconds.
        delay: it.jitterBufferDelay ?? 0,
        left: it.jitterBufferEmittedCount ?? 0,
      };
    };
    const transport = stats.find((one) => one.type === "transport");
    const pair = stats.find((one) => one.id === transport?.selectedCandidatePairId);
    return {
      at: performance.now(),
      connection: connections.length,
      state: connection?.connectionState ?? "closed",
      video: incoming("video"),
      audio: incoming("audio"),
      trips: { seconds: pair?.totalRoundTripTime ?? 0, count: pair?.responsesReceived ?? 0 },
      signaling: signaling.splice(0),
    };
  });
}
