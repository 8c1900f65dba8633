// Says whether a long call is at its end what it was at its beginning. Pure: it is told what was read, and when.

/** So long at the beginning does not count: caches fill, and the two find out how much they can send each other. In seconds. */
export const WARM_UP = 120;
/** With fewer readings in a third its middle says nothing. */
const FEWEST = 3;

/**
 * What is watched, and the limits. `grows` and `falls`: so far the last third may be from the first, of which the middle reading counts, or
 * the mean where a short burst matters. `most` and `least` hold for both thirds. What is said of days supposes that it goes on as it did
 * in the 19 minutes that lie between the thirds of a call of 30.
 */
export const WATCHED = [
  // Two people say little, and nothing of it is to be kept: 5 MB would be 380 MB a day.
  { of: "server", figure: "server_mb", words: "server: memory", unit: "MB", grows: 5 },
  // Chromium keeps buffers for pictures and packets as it sees fit, five MB more or less at any moment.
  { of: "pages", figure: "renderers_mb", words: "both pages' processes: memory", unit: "MB", grows: 20 },
  // The page keeps a few words of what happened, and the browser what it learns of its code: 0.3 MB in the first minutes, then next to
  // nothing. 1 MB would be 75 MB a day.
  { of: "person", figure: "heap_mb", words: "page's heap", unit: "MB", grows: 1 },
  // From one program of a machine to another it takes about a millisecond: more is a queue that became longer.
  { of: "person", figure: "round_trip_ms", words: "round trip to the other", unit: "ms", grows: 20 },
  { of: "person", figure: "signaling_ms", words: "question to the room", unit: "ms", grows: 20 },
  // Up to 150 ms from mouth to ear disturb nobody (ITU-T G.114). A third of that must not come by itself.
  { of: "person", figure: "video_delay_ms", words: "wait before a picture", unit: "ms", grows: 50 },
  { of: "person", figure: "audio_delay_ms", words: "wait before a sound", unit: "ms", grows: 50 },
  // Between two programs of a machine only a queue that is full loses something. Beyond 1 % pictures stand still now and then.
  { of: "person", figure: "lost_percent", words: "packets lost", unit: "%", mean: true, grows: 0.5, most: 1 },
  // A busy machine is late with a sound now and then, from the beginning on. That must not become more.
  { of: "person", figure: "concealed_percent", words: "sound that was made up", unit: "%", mean: true, grows: 2 },
  // Below 5 it is no motion any more; and what slows down by a fifth in half an hour has stopped after a few.
  { of: "person", figure: "frames_per_second", words: "pictures a second", unit: "", falls: 0.2, least: 5 },
];

/** What happened between two readings of what a page has counted (see `counted`); null where nothing can be said. */
export function between(before, now) {
  const { video, audio } = now;
  const more = (kind, what) => now[kind][what] - before[kind][what];
  const part = (some, all) => (all > 0 ? some / all : null);
  const lost = Math.max(0, more("video", "lost")) + Math.max(0, more("audio", "lost"));
  const received = more("video", "received") + more("audio", "received");
  const in_ms = (share) => share && share * 1000;
  return {
    round_trip_ms: in_ms(part(now.trips.seconds - before.trips.seconds, now.trips.count - before.trips.count)),
    signaling_ms: now.signaling.length > 0 ? middle(now.signaling) : null,
    video_delay_ms: in_ms(part(more("video", "delay"), video.left - before.video.left)),
    audio_delay_ms: in_ms(part(more("audio", "delay"), audio.left - before.audio.left)),
    lost_percent: part(lost * 100, lost + received),
    concealed_percent: part(more("audio", "concealed") * 100, more("audio", "samples")),
    frames_per_second: part(more("video", "frames") * 1000, now.at - before.at),
  };
}

/** Why a call is no whole call any more, in a sentence; null where it goes on. `name` is of whom the page tells. */
export function broken(name, before, now) {
  if (now.state !== "connected") return `The connection of ${name} is ${now.state}.`;
  if (now.connection !== before.connection) return `The connection of ${name} broke, and another one was made.`;
  if (now.video.frames <= before.video.frames) return `No more pictures reach ${name}.`;
  if (now.audio.received <= before.audio.received) return `No more sound reaches ${name}.`;
  return null;
}

/**
 * Compares the first and the last third of what was read after the warm-up. `readings` have `at`, in seconds since the call began, and
 * what was read of each: `{ at, of: { server: { server_mb }, Ann: { heap_mb, … } } }`. Gives the rows of a table, and what is wrong.
 */
export function judge(readings, { people, warmUp = WARM_UP }) {
  const counts = readings.filter(({ at }) => at >= warmUp);
  const third = Math.floor(counts.length / 3);
  if (third < FEWEST) return { rows: [], wrong: ["The call was too short to say anything."] };
  const thirds = [counts.slice(0, third), counts.slice(-third)];
  const rows = WATCHED.flatMap((watched) =>
    (watched.of === "person" ? people : [watched.of]).map((who) => row(watched, who, thirds)),
  );
  return { rows, wrong: rows.map(({ wrong }) => wrong).filter((one) => one !== null) };
}

function row(watched, who, thirds) {
  const { of, figure, words, unit, mean = false } = watched;
  const name = of === "person" ? `${who}: ${words}` : words;
  const [first, last] = thirds.map((third) => {
    const known = third.map((reading) => reading.of[who]?.[figure]).filter((value) => Number.isFinite(value));
    // The room is asked every ten seconds only. What is there less often than that was not measured.
    if (known.length * 3 < third.length || known.length === 0) return null;
    return mean ? known.reduce((sum, one) => sum + one, 0) / known.length : middle(known);
  });
  return { name, who, figure, unit, first, last, limit: limit(watched), wrong: wrong(watched, name, first, last) };
}

/** The limits of a figure in words. */
function limit({ grows, falls, most, least, unit }) {
  const said = [];
  if (grows !== undefined) said.push(`+${grows} ${unit}`);
  if (falls !== undefined) said.push(`-${falls * 100} %`);
  if (most !== undefined) said.push(`at most ${most} ${unit}`);
  if (least !== undefined) said.push(`at least ${least} ${unit}`);
  return said.map((one) => one.trim()).join(", ");
}

function wrong({ grows = Number.POSITIVE_INFINITY, falls = 1, most = Number.POSITIVE_INFINITY, least = 0, unit }, name, first, last) {
  if (first === null || last === null) return `${name} could not be measured.`;
  const shown = (value) => `${round(value)} ${unit}`.trim();
  const change = `from ${shown(first)} to ${shown(last)}`;
  if (last - first > grows) return `${name} grew ${change}.`;
  if (last < first * (1 - falls)) return `${name} fell ${change}.`;
  if (Math.max(first, last) > most) return `${name} was ${shown(Math.max(first, last))}, more than ${shown(most)}.`;
  if (Math.min(first, last) < least) return `${name} was ${shown(Math.min(first, last))}, less than ${shown(least)}.`;
  return null;
}

/** The one in the middle, or between the two that are there. */
export function middle(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}

export function round(value) {
  return Math.round(value * 10) / 10;
}

/** The table: what was read, how it changed, and how far it may. */
export function table(rows) {
  const cells = rows.map(({ name, unit, first, last, limit, wrong }) => {
    const shown = (value) => (value === null ? "-" : `${value.toFixed(1)} ${unit}`.trim());
    const drift = first === null || last === null ? null : last - first;
    const sign = drift !== null && drift >= 0 ? "+" : "";
    return [name, shown(first), shown(last), `${sign}${shown(drift)}`, limit, wrong === null ? "ok" : "WRONG"];
  });
  const all = [["", "first third", "last third", "drift", "limit", ""], ...cells];
  const widths = all[0].map((_, column) => Math.max(...all.map((line) => line[column].length)));
  const pad = (cell, column) =>
    column >= 1 && column <= 3 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
  return all.map((line) => line.map(pad).join("  ").trimEnd()).join("\n");
}
