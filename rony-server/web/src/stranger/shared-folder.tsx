/** A folder that a link leads to, with what is below it. */
import { useQueryClient } from "@tanstack/react-query";
import { ChevronRight, FolderOpen, LayoutGrid, List } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { Link, Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import type { Item } from "@/api/types";
import { Acts } from "@/files/acts";
import { SelectionBar } from "@/files/bar";
import { type FileDialog, FileDialogs } from "@/files/dialogs/dialogs";
import { useDoor } from "@/files/door";
import type { Drops } from "@/files/drag";
import { useDrop } from "@/files/drag";
import { Listing } from "@/files/listing";
import { New } from "@/files/new";
import { may, offersFor } from "@/files/offers";
import { useItem, useListing } from "@/files/queries";
import { chooseFile } from "@/files/uploads/gather";
import type { Uploads } from "@/files/uploads/uploads";
import { useSelection } from "@/files/use-selection";
import { useLook, useSort, type View } from "@/files/view";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { Empty, Failed, Loading } from "@/ui/states";

const Preview = lazy(() => import("@/files/preview/preview"));

interface Props {
  root: Item;
  uploads: Uploads;
}

export default function SharedFolder({ root, uploads }: Props) {
  const [at] = useHashLocation();
  const id = at.match(/^\/f\/([\w-]+)$/)?.[1] ?? root.id;
  return (
    <Router hook={useHashLocation}>
      <Inside key={id} id={id} root={root} uploads={uploads} />
    </Router>
  );
}

function Inside({ id, root, uploads }: Props & { id: string }) {
  const door = useDoor();
  const queries = useQueryClient();
  const [, navigate] = useHashLocation();
  const [look, setLook] = useLook();
  const [sort, setSort] = useSort();
  const [dialog, setDialog] = useState<FileDialog | null>(null);
  const [shown, setShown] = useState<{ files: readonly Item[]; at: number } | null>(null);
  const view = useMemo<View>(() => ({ kind: "folder", id }), [id]);
  const listing = useListing(view, sort);
  const found = useItem(id === root.id ? null : id);
  const folder = id === root.id ? root : found.data?.item;
  const selection = useSelection(listing.items, listing);
  const acts = useMemo(() => new Acts(door, queries), [door, queries]);
  const name = folder?.name ?? "…";
  const here = folder && may(folder.level, "editor") ? { id, name } : null;

  function open(item: Item) {
    if (item.kind === "folder") return navigate(`/f/${item.id}`);
    const files = listing.items.filter(({ kind }) => kind === "file");
    setShown({ files, at: files.indexOf(item) });
  }

  const drops: Drops = {
    move: (items, to) => void acts.move(items, to),
    upload: (files, to) => uploads.add(files, { parent: to.id, where: to.name }),
  };
  const { over, handlers } = useDrop(here, drops);
  function replace(item: Item) {
    void chooseFile().then((file) =>
      uploads.add([{ file, folders: [] }], { parent: id, where: name, replace: item.id }),
    );
  }
  const offers = (items: readonly Item[]) => offersFor(items, { view, door, acts, open, show: setDialog, replace });
  const other = look === "list" ? "Show as tiles" : "Show as a list";
  return (
    <section aria-label={name} className={cn("flex min-h-0 flex-1 flex-col", over && "bg-selected/40")} {...handlers}>
      {selection.items.length > 0 ? (
        <div className="pt-1">
          <SelectionBar count={selection.items.length} offers={offers(selection.items)} clear={selection.clear} />
        </div>
      ) : (
        <div className="flex h-13 shrink-0 items-center gap-1 px-3">
          <Crumbs root={root} path={found.data?.path ?? []} folder={folder} />
          <Button
            look="ghost"
            size="icon"
            aria-label={other}
            onClick={() => setLook(look === "list" ? "grid" : "list")}
          >
            {look === "list" ? <LayoutGrid /> : <List />}
          </Button>
          {here && <New here={here} drops={drops} show={setDialog} />}
        </div>
      )}
      {listing.isPending ? (
        <Loading />
      ) : listing.isError ? (
        <Failed error={listing.error} retry={() => void listing.refetch()} />
      ) : listing.items.length === 0 ? (
        <Empty icon={<FolderOpen />} title="Nothing here yet">
          <p>{here ? "Drag files here to add them." : "This folder is empty."}</p>
        </Empty>
      ) : (
        <Listing
          label={name}
          items={listing.items}
          view={view}
          look={look}
          sort={sort}
          setSort={setSort}
          selection={selection}
          cell={{ offers, open }}
          drops={drops}
          open={open}
          rename={(item) => may(item.level, "editor") && setDialog({ kind: "rename", item })}
          trash={(items) => items.every(({ level }) => may(level, "editor")) && void acts.trash(items)}
          all={selection.all}
          more={listing}
        />
      )}
      {dialog && <FileDialogs dialog={dialog} acts={acts} close={() => setDialog(null)} />}
      {shown && (
        <Suspense>
          <Preview files={shown.files} at={shown.at} close={() => setShown(null)} />
        </Suspense>
      )}
    </section>
  );
}

interface CrumbsProps {
  root: Item;
  path: readonly { id: string; name: string }[];
  folder: Item | undefined;
}

/** The way from what was shared to where one is; what is above it is nobody's business here. */
function Crumbs({ root, path, folder }: CrumbsProps) {
  const from = path.findIndex(({ id }) => id === root.id);
  const between = path.slice(from + 1).filter(({ id }) => id !== folder?.id);
  const inside = folder !== undefined && folder.id !== root.id;
  if (!inside) return <div className="flex-1" />;
  return (
    <nav aria-label="Where you are" className="min-w-0 flex-1">
      <ol className="flex min-w-0 items-center text-sm">
        {[{ id: "", name: root.name }, ...between].map(({ id, name }, index) => (
          <li
            key={id}
            className={cn("flex min-w-14 max-w-40 items-center text-soft", index < between.length && "max-sm:hidden")}
          >
            <Link href={id ? `/f/${id}` : "/"} dir="auto" className="truncate rounded-md px-1.5 py-1 hover:bg-hover">
              {name}
            </Link>
            <ChevronRight className="size-4 shrink-0" aria-hidden />
          </li>
        ))}
        <li dir="auto" aria-current="page" className="max-w-[70%] shrink-0 sm:max-w-1/2 truncate px-1.5 font-semibold">
          {folder.name}
        </li>
      </ol>
    </nav>
  );
}
