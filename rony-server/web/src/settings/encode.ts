/** Making a picture small enough to be kept: a square, without what cameras write into their files. */
import type { Area } from "react-easy-crop";

/** What the server takes. */
const MOST_BYTES = 256 * 1024;
/** Sharp on every screen at the largest size that is shown. */
const SIDES = [512, 384, 256, 128];
const KINDS = [
  ["image/webp", 0.9],
  ["image/webp", 0.75],
  ["image/png", 1],
] as const;

/** Cuts an area out of a picture, as WebP, or as PNG where the browser makes no WebP. */
export async function encode(source: string, area: Area): Promise<Blob> {
  const image = await load(source);
  for (const side of SIDES) {
    const canvas = document.createElement("canvas");
    canvas.width = side;
    canvas.height = side;
    const context = canvas.getContext("2d");
    if (context === null) break;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, area.x, area.y, area.width, area.height, 0, 0, side, side);
    for (const [kind, quality] of KINDS) {
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, kind, quality));
      if (blob !== null && blob.size <= MOST_BYTES) return blob;
    }
  }
  throw new Error("the picture cannot be made small enough");
}

async function load(source: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}
