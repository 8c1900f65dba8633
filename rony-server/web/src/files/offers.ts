/** What can be done with what is chosen: for the menu of a row, the one at the mouse, and the bar above the list. */
import {
  CopyPlus,
  Download,
  Eye,
  FileUp,
  FolderInput,
  FolderOpen,
  FolderSearch,
  History,
  Link2,
  type LucideIcon,
  Palette,
  Pencil,
  RotateCcw,
  Star,
  StarOff,
  Trash2,
  UserPlus,
} from "lucide-react";
import type { FileLevel, Item } from "@/api/types";
import type { Acts } from "./acts";
import type { FileDialog } from "./dialogs/dialogs";
import type { Door } from "./door";
import { download } from "./media";
import type { View } from "./view";

export interface Offer {
  label: string;
  icon: LucideIcon;
  run: () => void;
  danger?: boolean;
  /** A line stands before it. */
  apart?: boolean;
  /** It has a place of its own in the bar above the list. */
  bar?: boolean;
  keys?: string;
}

const RANK: Record<FileLevel, number> = { viewer: 0, editor: 1, manager: 2, owner: 3 };

/** Whether the level is at least the other one. */
export function may(level: FileLevel, at: FileLevel): boolean {
  return RANK[level] >= RANK[at];
}

interface Context {
  /** Goes to the folder that it is in, where one may. */
  holder?: (item: Item) => (() => void) | undefined;
  /** Puts another file in the place of this one. */
  replace: (item: Item) => void;
  view: View;
  door: Door;
  acts: Acts;
  open: (item: Item) => void;
  show: (dialog: FileDialog) => void;
}

export function offersFor(items: readonly Item[], { view, door, acts, open, show, replace, holder }: Context): Offer[] {
  const [first] = items;
  if (first === undefined) return [];
  const one = items.length === 1;
  if (view.kind === "trash") {
    return [
      { label: "Restore", icon: RotateCcw, run: () => void acts.restore(items), bar: true },
      {
        label: "Delete for good…",
        icon: Trash2,
        run: () => show({ kind: "delete", items }),
        danger: true,
        apart: true,
        bar: true,
      },
    ];
  }
  const all = (level: FileLevel) => items.every((item) => may(item.level, level));
  const files = items.filter(({ kind }) => kind === "file");
  const person = door.pass === undefined;
  const starred = items.every((item) => item.starred);
  // A list of found things says nothing of where they are.
  const toFolder = one && view.kind !== "folder" && holder?.(first);
  const offers: (Offer | false)[] = [
    one && { label: "Open", icon: first.kind === "folder" ? FolderOpen : Eye, run: () => open(first), keys: "Enter" },
    !!toFolder && { label: "Show in its folder", icon: FolderSearch, run: toFolder },
    files.length === items.length && {
      label: "Download",
      icon: Download,
      run: () => files.forEach((file) => void download(door, file)),
      bar: true,
    },
    person &&
      one &&
      all("manager") && {
        label: "Share…",
        icon: UserPlus,
        run: () => show({ kind: "share", item: first }),
        bar: true,
      },
    person &&
      one &&
      first.kind === "file" && {
        label: "Copy download link",
        icon: Link2,
        run: () => void acts.copyDownload(first),
      },
    one &&
      all("editor") && {
        label: "Rename…",
        icon: Pencil,
        run: () => show({ kind: "rename", item: first }),
        apart: true,
        keys: "F2",
      },
    one &&
      all("editor") &&
      first.kind === "folder" && {
        label: "Icon and colour…",
        icon: Palette,
        run: () => show({ kind: "look", item: first }),
      },
    person &&
      all("editor") && {
        label: "Move to…",
        icon: FolderInput,
        run: () => show({ kind: "move", items, what: "move" }),
        bar: true,
      },
    person && {
      label: "Copy to…",
      icon: CopyPlus,
      run: () => show({ kind: "move", items, what: "copy" }),
    },
    person && {
      label: starred ? "Remove star" : "Add star",
      icon: starred ? StarOff : Star,
      run: () => void acts.star(items, !starred),
      bar: true,
    },
    one &&
      first.kind === "file" &&
      all("editor") && { label: "Upload new version…", icon: FileUp, run: () => replace(first) },
    one &&
      first.kind === "file" &&
      person && {
        label: "Versions…",
        icon: History,
        run: () => show({ kind: "versions", item: first }),
      },
    all("editor") && {
      label: "Move to trash",
      icon: Trash2,
      run: () => void acts.trash(items),
      danger: true,
      apart: true,
      bar: true,
      keys: "Del",
    },
  ];
  return offers.filter((offer) => offer !== false);
}
