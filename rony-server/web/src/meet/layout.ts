/** Which tile is large, and how the others stand. */
import type { Room } from "./room";
import type { PeerId } from "./wire";

export type View = "grid" | "speaker";

/** A tile: somebody, or a screen that somebody shows. */
export type Tile = { key: string; kind: "person" | "screen"; peer: PeerId };

export interface Arrangement {
  /** The one that is large; null where all are alike. */
  stage: Tile | null;
  rest: Tile[];
}

export const personKey = (peer: PeerId) => `person ${peer}`;
export const screenKey = (peer: PeerId) => `screen ${peer}`;

/** All tiles, screens first, and oneself last. */
export function tilesOf(room: Room): Tile[] {
  const screens = [...room.tracks.values()].filter(({ source }) => source === "screen");
  const people = [...room.peers.keys()].sort((one, two) => Number(one === room.self) - Number(two === room.self));
  return [
    // The last to be shown is the one that is talked about.
    ...screens.reverse().map(({ peer }) => ({ key: screenKey(peer), kind: "screen" as const, peer })),
    ...people.map((peer) => ({ key: personKey(peer), kind: "person" as const, peer })),
  ];
}

/**
 * What was pinned is large; else a screen that another shows; else, where the speaker is to be seen, who speaks. `last` was
 * large before: it stays while nobody speaks.
 */
export function arrange(room: Room, view: View, pinned: string | null, last: string | null): Arrangement {
  const tiles = tilesOf(room);
  const find = (key: string | null) => tiles.find((tile) => tile.key === key);
  const others = tiles.filter(({ peer }) => peer !== room.self);
  const stage =
    find(pinned) ??
    // Who sees their own screen large sees it in itself, without an end.
    others.find(({ kind }) => kind === "screen") ??
    (view === "speaker" ? (find(speaker(room)) ?? others.find(({ key }) => key === last) ?? others[0]) : undefined);
  // Alone, or as two, there is nobody to be small beside.
  if (stage === undefined || tiles.length === 1) return { stage: null, rest: tiles };
  return { stage, rest: tiles.filter((tile) => tile !== stage) };
}

/** Oneself one knows. */
function speaker(room: Room): string | null {
  const other = room.speakers.find((peer) => peer !== room.self);
  return other === undefined ? null : personKey(other);
}

/** How many columns make the tiles largest, in a place of this size. Pictures may lose some of their sides: `ratio` is what must be seen. */
export function columns(count: number, width: number, height: number, gap = 8, ratio = 4 / 3): number {
  let [best, area] = [1, 0];
  for (let tried = 1; tried <= count; tried += 1) {
    const rows = Math.ceil(count / tried);
    const [wide, high] = [(width - gap * (tried - 1)) / tried, (height - gap * (rows - 1)) / rows];
    const fits = Math.max(0, Math.min(wide, high * ratio));
    const got = (fits * fits) / ratio;
    if (got > area + 1) [best, area] = [tried, got];
  }
  return best;
}

/** Where a tile is, in pixels. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

const GAP = 8;
/** No tile is lower than this; what does not fit then is scrolled to. */
const LOWEST = 84;
const NARROWEST = 72;

/** Where each tile of an arrangement is, in a place of this size. */
export function place({ stage, rest }: Arrangement, width: number, height: number): ReadonlyMap<string, Rect> {
  const keys = rest.map(({ key }) => key);
  if (stage === null) return new Map(inRows(keys, { x: 0, y: 0, width, height }));
  if (rest.length === 0) return new Map([[stage.key, { x: 0, y: 0, width, height }]]);
  // Beside what is large where the place is wide, else below it.
  const wide = width >= height;
  const strip = wide ? Math.min(220, width * 0.25) : Math.min(Math.max(LOWEST, height * 0.25), height / 2);
  const large = wide
    ? { x: 0, y: 0, width: width - strip - GAP, height }
    : { x: 0, y: 0, width, height: height - strip - GAP };
  const small = wide
    ? { x: width - strip, y: 0, width: strip, height }
    : { x: 0, y: height - strip, width, height: strip };
  return new Map([[stage.key, large], ...inRows(keys, small, wide ? (small.width * 3) / 4 : undefined)]);
}

/** Tiles of one size in rows; a last row that is not full stands in the middle. */
function inRows(keys: readonly string[], { x, y, width, height }: Rect, highest = height): [string, Rect][] {
  let across = columns(keys.length, width, height, GAP);
  // Rather narrow than not all to be seen.
  const low = () => (height + GAP) / Math.ceil(keys.length / across) - GAP < LOWEST;
  while (low() && across < keys.length && (width + GAP) / (across + 1) - GAP >= NARROWEST) across += 1;
  const rows = Math.ceil(keys.length / across);
  const wide = (width - GAP * (across - 1)) / across;
  const high = Math.max(LOWEST, Math.min(highest, (height - GAP * (rows - 1)) / rows));
  return keys.map((key, at) => {
    const row = Math.floor(at / across);
    const inRow = row === rows - 1 ? keys.length - row * across : across;
    const left = (width - inRow * wide - (inRow - 1) * GAP) / 2;
    const column = at % across;
    return [key, { x: x + left + column * (wide + GAP), y: y + row * (high + GAP), width: wide, height: high }];
  });
}
