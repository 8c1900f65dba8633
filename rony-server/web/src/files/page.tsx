/** One's files, and those that others share: where they are, what is in them, and what can be done with them. */
import { useQueryClient } from "@tanstack/react-query";
import {
  Clock,
  CloudUpload,
  FolderOpen,
  type LucideIcon,
  SearchX,
  Star,
  TextSearch,
  Trash2,
  Users,
} from "lucide-react";
import { type DragEvent, useEffect, useMemo, useState } from "react";
import { ApiError } from "@/api/client";
import type { Item } from "@/api/types";
import { useClient, useLatest, useModel } from "@/client/hooks";
import { places, useNavigate } from "@/lib/navigate";
import { personName } from "@/model/naming";
import { openOverlay } from "@/shell/overlays";
import { Button } from "@/ui/button";
import { Empty, Failed, Loading } from "@/ui/states";
import { Acts } from "./acts";
import { SelectionBar } from "./bar";
import { type FileDialog, FileDialogs } from "./dialogs/dialogs";
import { useDoor } from "./door";
import { type Drops, type Target, useDrop } from "./drag";
import { Head } from "./head";
import { Listing } from "./listing";
import { may, offersFor } from "./offers";
import { useItem, useListing } from "./queries";
import { Side, TITLES } from "./side";
import { ChooseFiles } from "./uploads/choose-files";
import { chooseFile, hasFiles, picked } from "./uploads/gather";
import { useUploads } from "./uploads/use-uploads";
import { useSelection } from "./use-selection";
import { type Filters, NO_FILTERS, useLook, useSort, type View } from "./view";

interface Props {
  /** `folder`, `file`, `search`, or the name of a view; one's own files without it. */
  what?: string;
  /** The folder's or file's id, or what is looked for. */
  which?: string;
}

export default function FilesPage({ what, which }: Props) {
  if (what === "file" && which) return <FilePlace id={which} />;
  return <Browser what={what} which={which} />;
}

/** A file that an address names: it is shown over the folder that it is in. */
function FilePlace({ id }: { id: string }) {
  const navigate = useNavigate();
  const me = useModel((model) => model.me.id);
  const found = useItem(id);
  const item = found.data?.item;
  useEffect(() => {
    if (item === undefined) return;
    if (item.kind === "folder") return navigate(places.folder(item.id));
    const inside = item.parent_id !== null || item.owner_id === me;
    navigate(inside ? places.folder(item.parent_id ?? null) : places.filesView("shared"));
    openOverlay({ kind: "preview", files: [item], at: 0 });
  }, [item, me, navigate]);
  if (found.isError) return <Nowhere error={found.error} retry={() => void found.refetch()} />;
  return <Loading />;
}

function viewOf({ what, which }: Props, filters: Filters): View {
  if (what === "search") return { kind: "search", query: which ?? "", filters };
  if (what === "recent" || what === "starred" || what === "shared" || what === "trash") return { kind: what };
  return { kind: "folder", id: what === "folder" ? (which ?? null) : null };
}

function Browser({ what, which }: Props) {
  const [filters, setFilters] = useState(NO_FILTERS);
  const view = useMemo(() => viewOf({ what, which }, filters), [what, which, filters]);
  const folder = useItem(view.kind === "folder" ? view.id : null);
  const key = what === "search" ? what : JSON.stringify([what, which]);
  const name = view.kind === "folder" && view.id !== null ? (folder.data?.item.name ?? "…") : TITLES[view.kind];
  return (
    <div className="flex min-h-0 flex-1">
      <Side view={view} />
      {folder.isError ? (
        <div className="min-w-0 flex-1">
          <Nowhere error={folder.error} retry={() => void folder.refetch()} />
        </div>
      ) : (
        <Inside
          key={key}
          view={view}
          name={name}
          folder={folder.data?.item}
          path={folder.data?.path ?? []}
          filters={filters}
          setFilters={setFilters}
        />
      )}
    </div>
  );
}

function Nowhere({ error, retry }: { error: unknown; retry: () => void }) {
  const navigate = useNavigate();
  if (!(error instanceof ApiError) || error.status !== 404) return <Failed error={error} retry={retry} />;
  return (
    <Empty icon={<FolderOpen />} title="This is not here">
      <p>It was removed, or is not shared with you any more.</p>
      <Button look="plain" onClick={() => navigate(places.files)}>
        Go to my files
      </Button>
    </Empty>
  );
}

interface InsideProps {
  view: View;
  name: string;
  folder: Item | undefined;
  path: readonly { id: string; name: string }[];
  filters: Filters;
  setFilters: (filters: Filters) => void;
}

function Inside({ view, name, folder, path, filters, setFilters }: InsideProps) {
  const navigate = useNavigate();
  const me = useModel((model) => model.me.id);
  const queries = useQueryClient();
  const door = useDoor();
  const uploads = useUploads();
  const [look, setLook] = useLook();
  const [sort, setSort] = useSort();
  const [dialog, setDialog] = useState<FileDialog | null>(null);
  const waits = view.kind === "search" && view.query === "" && Object.values(view.filters).every((one) => one === "");
  const listing = useListing(view, sort, !waits);
  const { items } = listing;
  const selection = useSelection(items, listing);
  const acts = useMemo(() => new Acts(door, queries), [door, queries]);
  const below = useBelow(view);

  function open(item: Item) {
    if (view.kind === "trash") return;
    if (item.kind === "folder") return navigate(places.folder(item.id));
    const files = items.filter(({ kind }) => kind === "file");
    openOverlay({ kind: "preview", files, at: files.indexOf(item) });
  }

  const drops: Drops = {
    move: (moved, to) => void acts.move(moved, to),
    upload: (files, to) => uploads.add(files, { parent: to.id, where: to.name }),
  };
  // What is shared by itself has no folder that one could go to.
  const holder = ({ parent_id, owner_id }: Item) =>
    parent_id || owner_id === me ? () => navigate(places.folder(parent_id ?? null)) : undefined;
  const offers = (chosen: readonly Item[]) =>
    offersFor(chosen, { view, door, acts, open, show: setDialog, replace, holder });
  function replace({ id, parent_id }: Item) {
    void chooseFile().then((file) =>
      uploads.add([{ file, folders: [] }], { parent: parent_id ?? null, where: name, replace: id }),
    );
  }
  const here = useHere(view, name, folder);
  usePaste(here, drops);
  const over = useDrop(here, drops);

  return (
    <section
      aria-label={name}
      className="relative flex min-w-0 flex-1 flex-col"
      {...over.handlers}
      onDragOver={(event: DragEvent) => hasFiles(event.dataTransfer) && over.handlers.onDragOver(event)}
    >
      <Head
        view={view}
        name={name}
        folder={folder}
        path={path}
        here={here}
        look={look}
        setLook={setLook}
        sort={sort}
        setSort={setSort}
        filters={filters}
        setFilters={setFilters}
        drops={drops}
        show={setDialog}
        empty={items.length === 0}
        bar={
          selection.items.length > 0 ? (
            <SelectionBar count={selection.items.length} offers={offers(selection.items)} clear={selection.clear} />
          ) : null
        }
      />
      {waits ? (
        <Empty icon={<TextSearch />} title="Find your files">
          <p>Write a part of the name. You find what is yours, and what is shared with you.</p>
        </Empty>
      ) : listing.isPending ? (
        <Loading />
      ) : listing.isError ? (
        <Failed error={listing.error} retry={() => void listing.refetch()} />
      ) : items.length === 0 ? (
        <Nothing view={view} here={here} drops={drops} />
      ) : (
        <Listing
          label={name}
          items={items}
          view={view}
          look={look}
          sort={sort}
          setSort={setSort}
          selection={selection}
          cell={{ offers, open, below }}
          drops={drops}
          open={open}
          rename={(item) => may(item.level, "editor") && setDialog({ kind: "rename", item })}
          trash={(chosen) => {
            if (view.kind === "trash") setDialog({ kind: "delete", items: chosen });
            else if (chosen.every(({ level }) => may(level, "editor"))) void acts.trash(chosen);
          }}
          all={selection.all}
          more={listing}
        />
      )}
      {over.over && here && <DropHere name={here.name} />}
      {dialog && <FileDialogs dialog={dialog} acts={acts} close={() => setDialog(null)} />}
    </section>
  );
}

/** The folder that new things go into; none where one may not put anything. */
function useHere(view: View, name: string, folder: Item | undefined): Target | null {
  if (view.kind !== "folder") return null;
  if (view.id === null) return { id: null, name };
  return folder && may(folder.level, "editor") ? { id: folder.id, name: folder.name } : null;
}

/** Files that are pasted come into the folder, unless one is writing. */
function usePaste(here: Target | null, { upload }: Drops): void {
  const latest = useLatest({ here, upload });
  useEffect(() => {
    function paste(event: ClipboardEvent) {
      const { here, upload } = latest.current;
      const files = [...(event.clipboardData?.files ?? [])];
      const target = event.target as HTMLElement | null;
      if (here === null || files.length === 0 || target?.closest("input, textarea, [role=dialog]")) return;
      event.preventDefault();
      upload(picked(files), here);
    }
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, [latest]);
}

/** Whose it is, where that is not clear from the place. */
function useBelow(view: View): ((item: Item) => string) | undefined {
  const client = useClient();
  const people = useModel((model) => model.people);
  if (view.kind !== "shared") return undefined;
  return (item) => {
    client.needPerson(item.owner_id);
    const { model } = client.snapshot();
    return model && people ? personName(model, item.owner_id) : "";
  };
}

function DropHere({ name }: { name: string }) {
  return (
    <div className="pointer-events-none absolute inset-2 z-20 flex items-center justify-center rounded-2xl border-2 border-accent border-dashed bg-background/85">
      <p className="flex items-center gap-2.5 font-semibold text-lg">
        <CloudUpload className="size-6 text-link" aria-hidden />
        <span>
          Drop to upload to <span dir="auto">{name}</span>
        </span>
      </p>
    </div>
  );
}

const EMPTY: Record<View["kind"], [LucideIcon, string, string]> = {
  folder: [FolderOpen, "Nothing here yet", "Drag files or folders here, or choose them."],
  recent: [Clock, "Nothing here yet", "What you added or changed last is shown here."],
  starred: [Star, "No stars yet", "Give a star to what you need often: you find it here then."],
  shared: [
    Users,
    "Nothing is shared with you yet",
    "What others share with you, or with a group of yours, is shown here.",
  ],
  trash: [Trash2, "The trash is empty", "What you remove stays here for a while, so that you can bring it back."],
  search: [SearchX, "Nothing found", "Try other words, only the beginning of one, or fewer filters."],
};

function Nothing({ view, here, drops }: { view: View; here: Target | null; drops: Drops }) {
  const [Icon, title, text] = EMPTY[view.kind];
  return (
    <Empty icon={<Icon />} title={title}>
      <p>{view.kind === "folder" && here === null ? "This folder is empty." : text}</p>
      {here && <ChooseFiles take={(files) => drops.upload(files, here)} />}
    </Empty>
  );
}
