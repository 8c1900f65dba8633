// Somebody joins a meeting again and again in which another one is, both with picture and sound: how long it takes until they see each other.
import { getReady, isAmong, join, leave, sees } from "./call.mjs";

/**
 * Joins so many times, each time with a page that was loaded anew. Gives for whoever joins (`joins`) and whoever was there (`there`) the
 * times of all joins, in ms: until they knew of each other (`joined`), from there until the two devices were connected (`connected`), from
 * there until the first picture of the other was drawn (`picture`), and all of it (`all`), from the click on.
 */
export async function joining({ people: [there, comes], link, times, way, progress }) {
  await getReady(there, link);
  await join(there);
  await isAmong(there, 1);
  const taken = { joins: [], there: [] };
  for (let time = 1; time <= times; time += 1) {
    await getReady(comes, link);
    await there.page.evaluate(forget);
    await join(comes);
    await Promise.all([sees(there), sees(comes)]);
    const [own, others] = [await comes.page.evaluate(marked), await there.page.evaluate(marked)];
    if (own.way !== way) throw new Error(`they met by ${own.way}, where it should have been ${way}`);
    taken.joins.push(parts(own, own.clicked));
    taken.there.push(parts(others, own.clicked));
    progress(`${time}: ${taken.joins.at(-1).all} ms, and ${taken.there.at(-1).all} ms for who was there`);
    await leave(comes);
    await isAmong(there, 1);
  }
  return taken;
}

function parts({ joined, connected, picture }, clicked) {
  return { joined: joined - clicked, connected: connected - joined, picture: picture - connected, all: picture - clicked };
}

/** In the page: what came so far, and by which way. */
async function marked() {
  const { marks, connections } = window.rony;
  const stats = [...(await connections.at(-1).getStats()).values()];
  const by = (id) => stats.find((one) => one.id === id);
  const pair = by(stats.find(({ type }) => type === "transport")?.selectedCandidatePairId);
  const ends = [pair?.localCandidateId, pair?.remoteCandidateId].map((id) => by(id)?.candidateType);
  return { ...marks, way: ends.every((end) => end === "relay") ? "relay" : "direct" };
}

/** In the page: what came before does not count any more. */
function forget() {
  for (const mark of Object.keys(window.rony.marks)) delete window.rony.marks[mark];
}

/** What so many of 100 times are within, by the nearest rank. */
export function within(times, of100) {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((of100 / 100) * sorted.length) - 1)];
}
