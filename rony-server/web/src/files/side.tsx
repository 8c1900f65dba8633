/** The places of the files, and how much room is left: beside the list, on a phone above it. */

import { useQueryClient } from "@tanstack/react-query";
import { Clock, FolderOpen, HardDrive, type LucideIcon, Star, Trash2, Users } from "lucide-react";
import { useMemo } from "react";
import { Link } from "wouter";
import { cn } from "@/lib/cn";
import { places } from "@/lib/navigate";
import { Acts } from "./acts";
import { useDoor } from "./door";
import { useDrop } from "./drag";
import { useDrive } from "./queries";
import { useUploads } from "./uploads/use-uploads";
import type { View } from "./view";
import { sizeOf } from "./words";

export const TITLES: Record<View["kind"], string> = {
  folder: "My files",
  recent: "Recent",
  starred: "Starred",
  shared: "Shared with me",
  trash: "Trash",
  search: "Search files",
};

const PLACES: readonly (readonly [View["kind"], LucideIcon])[] = [
  ["folder", FolderOpen],
  ["recent", Clock],
  ["starred", Star],
  ["shared", Users],
  ["trash", Trash2],
];

export function Side({ view }: { view: View }) {
  return (
    <nav
      aria-label="Files"
      className={cn("flex w-56 shrink-0 flex-col gap-0.5 overflow-y-auto border-r bg-sidebar p-3 pt-5 max-md:hidden")}
    >
      <p className="px-2.5 pb-3 font-semibold text-xl tracking-tight">Files</p>
      {PLACES.map(([kind, icon]) => (
        <Place key={kind} kind={kind} icon={icon} here={view.kind === kind} />
      ))}
      <div className="flex-1" />
      <Storage />
    </nav>
  );
}

/** The same on a phone: a line above the list. */
export function SideLine({ view }: { view: View }) {
  return (
    <nav aria-label="Files" className="flex shrink-0 gap-1 overflow-x-auto px-3 pb-2 md:hidden">
      {PLACES.map(([kind]) => (
        <Link
          key={kind}
          href={placeOf(kind)}
          aria-current={view.kind === kind ? "page" : undefined}
          className={cn(
            "flex h-8 shrink-0 items-center rounded-full border px-2.5 font-medium text-[13px]",
            view.kind === kind ? "border-transparent bg-selected text-link" : "text-soft",
          )}
        >
          {kind === "shared" ? "Shared" : TITLES[kind]}
        </Link>
      ))}
    </nav>
  );
}

function placeOf(kind: View["kind"]): string {
  return kind === "folder" ? places.files : places.filesView(kind);
}

function Place({ kind, icon: Icon, here }: { kind: View["kind"]; icon: LucideIcon; here: boolean }) {
  const door = useDoor();
  const queries = useQueryClient();
  const uploads = useUploads();
  const acts = useMemo(() => new Acts(door, queries), [door, queries]);
  const root = { id: null, name: TITLES.folder };
  const { over, handlers } = useDrop(kind === "folder" || kind === "trash" ? root : null, {
    move: (items) => void (kind === "trash" ? acts.trash(items) : acts.move(items, root)),
    upload: (files) => kind === "folder" && uploads.add(files, { parent: null, where: root.name }),
  });
  return (
    <Link
      href={placeOf(kind)}
      aria-current={here ? "page" : undefined}
      {...handlers}
      className={cn(
        "flex items-center gap-3 rounded-lg px-2.5 py-2 text-sm transition-colors hover:bg-hover",
        here && "bg-selected font-medium text-link hover:bg-selected",
        over && "outline-2 outline-accent",
      )}
    >
      <Icon className={cn("size-[18px] shrink-0 text-soft", here && "text-link")} aria-hidden />
      {TITLES[kind]}
    </Link>
  );
}

/** How much of one's room is used. */
export function Storage({ className }: { className?: string }) {
  const drive = useDrive().data;
  if (drive === undefined) return null;
  const { used, reserved, quota } = drive;
  const taken = used + reserved;
  const share = quota === null || quota === undefined ? 0 : Math.min(1, taken / Math.max(1, quota));
  const tight = share > 0.9;
  return (
    <div className={cn("flex flex-col gap-1.5 px-2.5 pt-4 pb-1 text-soft text-xs", className)}>
      <span className="flex items-center gap-2">
        <HardDrive className="size-4" aria-hidden />
        {quota ? `${sizeOf(taken)} of ${sizeOf(quota)} used` : `${sizeOf(taken)} used`}
      </span>
      {quota ? (
        // biome-ignore lint/a11y/useSemanticElements: browsers do not let one draw theirs
        <span
          role="meter"
          aria-label="Storage used"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
          className="h-1.5 overflow-hidden rounded-full bg-strong/20"
        >
          <span
            className={cn("block h-full rounded-full", tight ? "bg-danger" : "bg-accent")}
            style={{ width: `${Math.max(share * 100, taken > 0 ? 1.5 : 0)}%` }}
          />
        </span>
      ) : null}
      {reserved > 0 && <span>{sizeOf(reserved)} of it is kept free for uploads on their way.</span>}
      {tight && <span className="text-danger">Almost full. Empty the trash, or remove what you do not need.</span>}
    </div>
  );
}
