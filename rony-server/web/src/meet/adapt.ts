/**
 * How much is sent to each other device. Everybody sends everything to everybody, so what a line at home can send is divided by the
 * number of the others; and nobody needs more picture than the largest tile shows.
 */
import type { Quality, Source } from "./wire";

export interface Limit {
  /** Nothing is sent. */
  off?: true;
  /** Lines of the picture at most. */
  height?: number;
  framerate?: number;
  /** Bits a second, to each of the others. */
  bitrate: number;
}

/** From so many people on, the page says that a meeting is too large for this way. */
export const LARGE = 5;

/** By the number of the others; the last holds for all beyond. About 2 Mbit/s go out in each row. */
const CAMERA: readonly Limit[] = [
  { height: 720, framerate: 30, bitrate: 1_700_000 },
  { height: 540, framerate: 30, bitrate: 900_000 },
  { height: 360, framerate: 24, bitrate: 550_000 },
  { height: 270, framerate: 20, bitrate: 350_000 },
  { height: 270, framerate: 15, bitrate: 250_000 },
  { height: 180, framerate: 15, bitrate: 150_000 },
];

/** Letters must stay sharp: a screen loses pictures, not lines. */
const SCREEN: readonly Limit[] = [
  { framerate: 15, bitrate: 2_500_000 },
  { framerate: 12, bitrate: 1_500_000 },
  { framerate: 10, bitrate: 1_000_000 },
  { framerate: 5, bitrate: 600_000 },
];

/** By what is asked for. */
const WANTED: Record<Exclude<Quality, "off" | "high">, Limit> = {
  low: { height: 180, framerate: 15, bitrate: 150_000 },
  medium: { height: 360, framerate: 24, bitrate: 550_000 },
};

/** What to send of a source to each of `others`, who want at most `wanted` of it. */
export function limitOf(source: Source, others: number, wanted: Quality = "high"): Limit {
  if (source === "microphone") return { bitrate: others >= LARGE ? 24_000 : 40_000 };
  if (source === "screen_audio") return { bitrate: others >= LARGE ? 48_000 : 96_000 };
  const table = source === "camera" ? CAMERA : SCREEN;
  const limit = table[Math.min(Math.max(others, 1), table.length) - 1] as Limit;
  if (source === "screen" || wanted === "high") return limit;
  if (wanted === "off") return { ...limit, off: true };
  const cap = WANTED[wanted];
  return {
    height: Math.min(limit.height ?? 0, cap.height ?? 0),
    framerate: Math.min(limit.framerate ?? 0, cap.framerate ?? 0),
    bitrate: Math.min(limit.bitrate, cap.bitrate),
  };
}

/** By what to divide a picture of `height` lines, so that no more than the limit are left. */
export function scaleOf(height: number | undefined, limit: Limit): number {
  if (limit.height === undefined || height === undefined || height <= limit.height) return 1;
  return height / limit.height;
}

/** What a tile of so many lines on the screen needs. */
export function wantedFor(height: number): Quality {
  if (height <= 0) return "off";
  if (height < 200) return "low";
  return height < 420 ? "medium" : "high";
}
