/** How files are said and shown: sizes, kinds, icons. */
import {
  File,
  FileArchive,
  FileCode,
  FileImage,
  FileMusic,
  FileSpreadsheet,
  FileText,
  FileVideo,
  Folder,
  type LucideIcon,
  Presentation,
} from "lucide-react";
import type { Item } from "@/api/types";

const UNITS = ["bytes", "KB", "MB", "GB", "TB", "PB"];

/** `1 byte`, `3.4 MB`: in steps of 1024, with as many digits as one reads. */
export function sizeOf(bytes: number): string {
  if (bytes === 1) return "1 byte";
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(undefined, { maximumFractionDigits: digits })} ${UNITS[unit]}`;
}

/** `about 2 minutes left`. */
export function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 5) return "a few seconds left";
  if (seconds < 90) return `about ${Math.ceil(seconds / 5) * 5} seconds left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `about ${minutes} minutes left` : `about ${Math.round(minutes / 60)} hours left`;
}

export type Kind = "folder" | "image" | "video" | "audio" | "pdf" | "text" | "archive" | "other";

type Named = Pick<Item, "name" | "media_type"> & { kind?: Item["kind"] };

const CODE =
  /\.(c|cc|cpp|cs|css|csv|diff|go|h|hpp|html?|ini|java|jsx?|json|kt|log|lua|md|mjs|php|pl|py|rb|rs|sh|sql|svg|swift|toml|tsx?|txt|vue|xml|ya?ml|zig)$/i;
/** What browsers show as a picture, and the server gives to them as one. */
const PICTURES = /^image\/(png|jpeg|gif|webp|avif)$/;
const FILMS = /^video\/(mp4|webm|ogg)$/;
const SOUNDS = /^audio\/(mpeg|ogg|wav|x-wav|flac|x-flac|mp4|webm)$/;

/** What can be shown of it. */
export function kindOf({ kind, name, media_type }: Named): Kind {
  if (kind === "folder") return "folder";
  if (PICTURES.test(media_type)) return "image";
  if (FILMS.test(media_type)) return "video";
  if (SOUNDS.test(media_type)) return "audio";
  if (media_type === "application/pdf") return "pdf";
  if (media_type.startsWith("text/") || /(json|xml|javascript|toml|yaml)$/.test(media_type) || CODE.test(name))
    return "text";
  if (/zip|tar|gzip|7z|rar|compressed/.test(media_type)) return "archive";
  return "other";
}

/** `Picture`, `PDF`, `Folder`: for the column of kinds, and those who do not see the icon. */
export function kindWord(item: Named): string {
  const kind = kindOf(item);
  if (kind === "other" || kind === "text") {
    const end = item.name.match(/\.([a-z0-9]{1,5})$/i)?.[1];
    if (end) return `${end.toUpperCase()} file`;
  }
  return WORDS[kind];
}

const WORDS: Record<Kind, string> = {
  folder: "Folder",
  image: "Picture",
  video: "Video",
  audio: "Sound",
  pdf: "PDF",
  text: "Text",
  archive: "Archive",
  other: "File",
};

export function iconOf(item: Named): LucideIcon {
  const { name, media_type } = item;
  switch (kindOf(item)) {
    case "folder":
      return Folder;
    case "image":
      return FileImage;
    case "video":
      return FileVideo;
    case "audio":
      return FileMusic;
    case "archive":
      return FileArchive;
    case "pdf":
      return FileText;
    case "text":
      return /\.(txt|md|log)$/i.test(name) || media_type === "text/plain" ? FileText : FileCode;
    case "other":
      if (media_type.startsWith("image/")) return FileImage;
      if (media_type.startsWith("video/")) return FileVideo;
      if (media_type.startsWith("audio/")) return FileMusic;
      if (/spreadsheet|excel/.test(media_type)) return FileSpreadsheet;
      if (/presentation|powerpoint/.test(media_type)) return Presentation;
      return /word|document/.test(media_type) ? FileText : File;
  }
}

/** The colours that a folder can have, and what they are called. */
export const COLOURS = [
  ["", "No colour"],
  ["red", "Red"],
  ["orange", "Orange"],
  ["yellow", "Yellow"],
  ["green", "Green"],
  ["teal", "Teal"],
  ["blue", "Blue"],
  ["purple", "Purple"],
  ["pink", "Pink"],
  ["gray", "Gray"],
] as const;

/** Seen on both backgrounds. */
const TINTS: Record<string, string> = {
  red: "#dc4444",
  orange: "#e07b27",
  yellow: "#c99a12",
  green: "#2f9e4f",
  teal: "#17988c",
  blue: "#3b82d6",
  purple: "#8b5cf6",
  pink: "#d9488f",
  gray: "#80818f",
};

export function tintOf(color: string): string | undefined {
  return TINTS[color];
}

/** Why a name is not taken, in words; null where it is one. The server says the last word. */
export function nameFault(name: string): string | null {
  const written = name.normalize("NFC").trim();
  if (written === "") return "Write a name.";
  if (written === "." || written === "..") return "This name is taken by the system. Choose another one.";
  if (/[/\\]/.test(written)) return "A name cannot have / or \\ in it.";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(written))
    return "A name cannot have invisible characters in it.";
  return new TextEncoder().encode(written).length > 255 ? "This name is too long." : null;
}

export function count(number: number, one: string, many: string): string {
  return number === 1 ? `1 ${one}` : `${number.toLocaleString()} ${many}`;
}
