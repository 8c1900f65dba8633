/** How much room the files of a message take, which is known before they are here: so nothing moves when they come. */
import type { Attachment } from "@/api/types";
import { kindOf } from "../words";

interface Box {
  width: number;
  height: number;
}

/** The largest that a picture becomes alone, and beside others, in pixels. */
const ALONE: Box = { width: 380, height: 300 };
const BESIDE: Box = { width: 220, height: 160 };
const CARD = 64;
const SOUND = 108;
const FILM = 260;
const GAP = 8;

export type Shape = "picture" | "film" | "sound" | "card";

export function shapeOf(attachment: Pick<Attachment, "name" | "media_type">): Shape {
  const kind = kindOf(attachment);
  return kind === "image" ? "picture" : kind === "video" ? "film" : kind === "audio" ? "sound" : "card";
}

/** The room of a picture: in its own proportions, and never larger than it is. */
export function boxOf({ width, height }: Pick<Attachment, "width" | "height">, alone: boolean): Box {
  const most = alone ? ALONE : BESIDE;
  if (!width || !height) return { width: Math.round((most.height * 4) / 3), height: most.height };
  const scale = Math.min(1, most.width / width, most.height / height);
  // Very flat and very narrow ones would be hard to hit.
  return { width: Math.max(64, Math.round(width * scale)), height: Math.max(48, Math.round(height * scale)) };
}

/** About how high they are together. */
export function heightOfFiles(attachments: readonly Attachment[]): number {
  const pictures = attachments.filter((one) => shapeOf(one) === "picture");
  const lines = Math.ceil(pictures.length / 2);
  const first = pictures[0];
  const height = pictures.length === 1 && first ? boxOf(first, true).height + GAP : lines * (BESIDE.height + GAP);
  return attachments.reduce(
    (sum, one) => sum + { picture: 0, film: FILM, sound: SOUND, card: CARD }[shapeOf(one)],
    height,
  );
}
