/** One's folders, one within the other: of each the ones below it come when it is opened. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronRight, Folder, FolderOpen } from "lucide-react";
import { useState } from "react";
import type { Item } from "@/api/types";
import { cn } from "@/lib/cn";
import { useDoor } from "../door";
import { tintOf } from "../words";

interface Props {
  chosen: string | null;
  choose: (folder: { id: string | null; name: string; item?: Item }) => void;
  /** These cannot be chosen, nor what is below them. */
  without?: ReadonlySet<string>;
}

export function FolderTree({ chosen, choose, without = new Set() }: Props) {
  return (
    <ul aria-label="Folders" className="max-h-[40dvh] min-h-48 overflow-y-auto rounded-lg border p-1">
      <li>
        <Label name="My files" here={chosen === null} choose={() => choose({ id: null, name: "My files" })} depth={0} />
        <Below parent={null} depth={1} chosen={chosen} choose={choose} without={without} />
      </li>
    </ul>
  );
}

function Below({ parent, depth, chosen, choose, without }: Required<Props> & { parent: string | null; depth: number }) {
  const door = useDoor();
  const found = useInfiniteQuery({
    queryKey: ["files", "folders", parent],
    queryFn: ({ pageParam }) => door.list({ parent: parent ?? undefined, sort: "name", limit: 200, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    // Folders come first: behind the first file there is none.
    getNextPageParam: (page) => (page.items.at(-1)?.kind === "folder" ? (page.next ?? undefined) : undefined),
  });
  const folders = (found.data?.pages ?? []).flatMap(({ items }) => items).filter(({ kind }) => kind === "folder");
  return (
    <ul>
      {folders.map((folder) => (
        <Branch key={folder.id} folder={folder} depth={depth} chosen={chosen} choose={choose} without={without} />
      ))}
      {found.hasNextPage && (
        <li className="px-3 py-1">
          <button type="button" className="text-link text-sm" onClick={() => void found.fetchNextPage()}>
            Show more
          </button>
        </li>
      )}
    </ul>
  );
}

function Branch({ folder, depth, ...props }: Required<Props> & { folder: Item; depth: number }) {
  const { chosen, choose, without } = props;
  const [open, setOpen] = useState(false);
  const barred = without.has(folder.id);
  return (
    <li>
      <div className="flex items-center">
        <Label
          name={folder.name}
          icon={folder.icon}
          color={folder.color}
          here={chosen === folder.id}
          barred={barred}
          depth={depth}
          open={open}
          toggle={() => setOpen(!open)}
          choose={() => {
            choose({ id: folder.id, name: folder.name, item: folder });
            setOpen(true);
          }}
        />
      </div>
      {open && !barred && <Below parent={folder.id} depth={depth + 1} {...props} />}
    </li>
  );
}

interface LabelProps {
  name: string;
  icon?: string;
  color?: string;
  here: boolean;
  barred?: boolean;
  depth: number;
  open?: boolean;
  toggle?: () => void;
  choose: () => void;
}

function Label({ name, icon, color = "", here, barred, depth, open, toggle, choose }: LabelProps) {
  const Icon = open ? FolderOpen : Folder;
  return (
    <span
      className={cn("flex w-full items-center rounded-md hover:bg-hover", here && "bg-selected hover:bg-selected")}
      style={{ paddingLeft: `${depth * 1.1}rem` }}
    >
      {toggle && (
        <button
          type="button"
          aria-expanded={open}
          aria-label={`Folders in ${name}`}
          disabled={barred}
          onClick={toggle}
          className="flex size-7 items-center justify-center rounded text-soft disabled:opacity-30"
        >
          <ChevronRight className={cn("size-4 transition-transform", open && "rotate-90")} aria-hidden />
        </button>
      )}
      <button
        type="button"
        aria-pressed={here}
        disabled={barred}
        onClick={choose}
        onKeyDown={(event) => {
          if (event.key === "ArrowRight" && toggle && !open) toggle();
          else if (event.key === "ArrowLeft" && toggle && open) toggle();
          else return;
          event.preventDefault();
        }}
        className={cn(
          "-outline-offset-2 flex min-w-0 flex-1 items-center gap-2.5 rounded-md py-1.5 pr-2 text-left text-sm disabled:opacity-40",
          !toggle && "pl-2",
        )}
      >
        {icon ? (
          <span aria-hidden>{icon}</span>
        ) : (
          <Icon className="size-[18px] shrink-0 text-soft" style={{ color: tintOf(color) }} aria-hidden />
        )}
        <span dir="auto" className="truncate">
          {name}
        </span>
      </button>
    </span>
  );
}
