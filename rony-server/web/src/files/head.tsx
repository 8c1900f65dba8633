/** Where one is in the files, and what can be begun there. */
import { ArrowUpDown, ChevronRight, LayoutGrid, List, ListFilter, Trash2, UserPlus } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import type { Item } from "@/api/types";
import { useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { places, useNavigate } from "@/lib/navigate";
import { Button } from "@/ui/button";
import { Choice, Field } from "@/ui/field";
import { Menu, MenuChoice, MenuLabel, MenuSeparator } from "@/ui/menu";
import { SearchField } from "@/ui/search-field";
import { Tooltip } from "@/ui/tooltip";
import type { FileDialog } from "./dialogs/dialogs";
import { type Drops, type Target, useDrop } from "./drag";
import { New } from "./new";
import { may } from "./offers";
import { SideLine, Storage, TITLES } from "./side";
import { type Filters, firstSort, isSorted, type Look, NO_FILTERS, SORTS, type Sort, type View } from "./view";

interface Props {
  view: View;
  name: string;
  folder: Item | undefined;
  path: readonly { id: string; name: string }[];
  here: Target | null;
  look: Look;
  setLook: (look: Look) => void;
  sort: Sort;
  setSort: (sort: Sort) => void;
  filters: Filters;
  setFilters: (filters: Filters) => void;
  drops: Drops;
  show: (dialog: FileDialog) => void;
  empty: boolean;
  /** What stands in the place of the search, while something is chosen. */
  bar: ReactNode;
}

export function Head(props: Props) {
  const { view, folder, here, empty, show, drops, bar } = props;
  const top = view.kind !== "folder" || view.id === null;
  return (
    <>
      <header className="flex h-14 shrink-0 items-center gap-1 pr-2 pl-4 md:pr-3">
        <Crumbs {...props} />
        {folder && may(folder.level, "manager") && (
          <Tooltip label="Share this folder" side="bottom">
            <Button
              look="ghost"
              size="icon"
              aria-label="Share this folder"
              className="max-sm:hidden"
              onClick={() => show({ kind: "share", item: folder })}
            >
              <UserPlus />
            </Button>
          </Tooltip>
        )}
        <Order {...props} />
        {view.kind === "trash" && !empty && (
          <Button look="plain" size="small" onClick={() => show({ kind: "empty-trash" })}>
            <Trash2 className="size-4" />
            Empty the trash
          </Button>
        )}
        {here && <New here={here} drops={drops} show={show} />}
      </header>
      {top && <SideLine view={view} />}
      {bar}
      {view.kind === "trash" ? (
        <p className={cn("flex h-12 shrink-0 items-center truncate px-4 pb-2 text-soft text-sm", bar && "hidden")}>
          What is here goes for good after a while.
        </p>
      ) : (
        <div className={cn(bar && "hidden")}>
          <Find {...props} />
        </div>
      )}
      {view.kind === "folder" && view.id === null && <Storage className="px-4 pt-0 pb-2 md:hidden" />}
    </>
  );
}

/** The way from the top to where one is. On a phone, the way back by one step. */
function Crumbs({ view, name, folder, path, drops }: Props) {
  const me = useModel((model) => model.me.id);
  const shared = folder !== undefined && folder.owner_id !== me;
  const above = path.filter(({ id }) => id !== folder?.id);
  if (view.kind !== "folder" || view.id === null) {
    return <h1 className="min-w-0 flex-1 truncate font-semibold text-lg tracking-tight">{name}</h1>;
  }
  const root = shared
    ? { place: places.filesView("shared"), name: TITLES.shared }
    : { place: places.files, name: TITLES.folder };
  const last = above.at(-1);
  return (
    <nav aria-label="Where you are" className="flex min-w-0 flex-1 items-center">
      <ol className="flex min-w-0 flex-1 items-center text-[15px] text-soft">
        <Crumb
          place={root.place}
          to={shared ? null : { id: null, name: TITLES.folder }}
          drops={drops}
          className={cn(last && "max-sm:hidden")}
        >
          {root.name}
        </Crumb>
        {above.map(({ id, name: above }) => (
          <Crumb
            key={id}
            place={places.folder(id)}
            to={{ id, name: above }}
            drops={drops}
            className={cn(id !== last?.id && "max-sm:hidden")}
          >
            {above}
          </Crumb>
        ))}
        {/* What is above gives way to where one is. */}
        <li className="max-w-[70%] shrink-0 sm:max-w-1/2">
          <h1 dir="auto" aria-current="page" className="truncate px-1.5 font-semibold text-lg text-text tracking-tight">
            {folder?.icon && <span aria-hidden>{folder.icon} </span>}
            {name}
          </h1>
        </li>
      </ol>
    </nav>
  );
}

interface CrumbProps {
  place: string;
  to: Target | null;
  drops: Drops;
  className?: string;
  children: ReactNode;
}

function Crumb({ place, to, drops, className, children }: CrumbProps) {
  const { over, handlers } = useDrop(to, drops);
  return (
    <li className={cn("flex min-w-14 max-w-48 items-center", className)}>
      <Link
        href={place}
        dir="auto"
        {...handlers}
        className={cn(
          "truncate rounded-md px-1.5 py-1 hover:bg-hover hover:text-text",
          over && "bg-selected outline-2 outline-accent",
        )}
      >
        {children}
      </Link>
      <ChevronRight className="size-4 shrink-0" aria-hidden />
    </li>
  );
}

/** Rows or tiles, and in which order. */
function Order({ view, look, setLook, sort, setSort }: Props) {
  const other = look === "list" ? "grid" : "list";
  const label = look === "list" ? "Show as tiles" : "Show as a list";
  return (
    <>
      {isSorted(view) && (
        <Menu
          trigger={
            <Button look="ghost" size="small" className="h-9 text-soft max-sm:w-9 max-sm:px-0">
              <ArrowUpDown className="size-[18px] sm:hidden" aria-hidden />
              <span className="sr-only">Order:</span>
              <span className="max-sm:hidden">
                {SORTS.find(([by]) => by === sort.by)?.[1]} <span aria-hidden>{sort.desc ? "↓" : "↑"}</span>
              </span>
            </Button>
          }
        >
          <OrderItems sort={sort} setSort={setSort} />
        </Menu>
      )}
      <Tooltip label={label} side="bottom">
        <Button look="ghost" size="icon" aria-label={label} onClick={() => setLook(other)}>
          {look === "list" ? <LayoutGrid /> : <List />}
        </Button>
      </Tooltip>
    </>
  );
}

/** The one way round, and the other. */
const WORDS: Record<Sort["by"], readonly [string, string]> = {
  name: ["A to Z", "Z to A"],
  modified: ["Oldest first", "Newest first"],
  size: ["Smallest first", "Largest first"],
  type: ["A to Z", "Z to A"],
};

function OrderItems({ sort, setSort }: Pick<Props, "sort" | "setSort">) {
  return (
    <>
      <MenuLabel>Order</MenuLabel>
      {SORTS.map(([by, name]) => (
        <MenuChoice key={by} checked={sort.by === by} onCheckedChange={() => setSort(firstSort(by))}>
          {name}
        </MenuChoice>
      ))}
      <MenuSeparator />
      <MenuChoice checked={!sort.desc} onCheckedChange={() => setSort({ ...sort, desc: false })}>
        {WORDS[sort.by][0]}
      </MenuChoice>
      <MenuChoice checked={sort.desc} onCheckedChange={() => setSort({ ...sort, desc: true })}>
        {WORDS[sort.by][1]}
      </MenuChoice>
    </>
  );
}

/** Writing rests for so long before it is looked for. */
const REST = 250;

/** Looks through all files, and what narrows that. */
function Find({ view, filters, setFilters }: Props) {
  const navigate = useNavigate();
  const query = view.kind === "search" ? view.query : "";
  const [text, setText] = useState(query);
  const [open, setOpen] = useState(false);
  const searching = view.kind === "search";
  const written = useRef(query);
  const set = Object.values(filters).filter((value) => value !== "").length;
  useEffect(() => {
    if (text.trim() === written.current) return;
    const timer = setTimeout(() => {
      written.current = text.trim();
      if (written.current !== "" || searching) navigate(places.fileSearch(written.current));
    }, REST);
    return () => clearTimeout(timer);
  }, [text, searching, navigate]);
  // The way back in the browser leads to what was looked for before.
  useEffect(() => {
    if (query === written.current) return;
    written.current = query;
    setText(query);
  }, [query]);
  // Whoever began to write in a folder goes on where they were.
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is shown
  useEffect(() => {
    const input = box.current?.querySelector("input");
    if (!searching || !input) return;
    input.focus();
    input.setSelectionRange(text.length, text.length);
  }, []);
  return (
    <div ref={box} className="shrink-0 px-4 pb-2 md:pr-3">
      <div className="flex items-center gap-2">
        <SearchField
          label="Search files"
          className="min-w-0 flex-1"
          maxLength={256}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || text === "") return;
            event.stopPropagation();
            setText("");
          }}
        />
        {searching && (
          <Button look="plain" className="h-10" aria-expanded={open} onClick={() => setOpen(!open)}>
            <ListFilter className="size-4" />
            <span className="max-sm:sr-only">Filters</span>
            {set > 0 && ` (${set})`}
          </Button>
        )}
      </div>
      {searching && open && <FilterFields filters={filters} change={setFilters} />}
      {searching && set > 0 && (
        <Button look="link" size="inline" className="mt-2" onClick={() => setFilters(NO_FILTERS)}>
          Remove all filters
        </Button>
      )}
    </div>
  );
}

function FilterFields({ filters, change }: { filters: Filters; change: (filters: Filters) => void }) {
  const set = (name: keyof Filters) => (event: { target: { value: string } }) =>
    change({ ...filters, [name]: event.target.value });
  const people = useModel((model) => model.people);
  const me = useModel((model) => model.me);
  const owners = useMemo(
    () =>
      [...people.values()]
        .filter(({ id }) => id !== me.id)
        .map(({ id, display_name }) => [id, display_name] as const)
        .sort((a, b) => a[1].localeCompare(b[1])),
    [people, me],
  );
  return (
    <div className="mt-3 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
      <Choice label="Kind" value={filters.type} onChange={set("type")}>
        <option value="">All kinds</option>
        <option value="folder">Folders</option>
        <option value="image">Pictures</option>
        <option value="video">Videos</option>
        <option value="audio">Sounds</option>
        <option value="document">Documents</option>
        <option value="archive">Archives</option>
        <option value="other">Others</option>
      </Choice>
      <Choice label="Owner" value={filters.owner} onChange={set("owner")}>
        <option value="">Anybody</option>
        <option value={me.id}>{me.display_name} (you)</option>
        {owners.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Choice>
      <Field
        label="Changed from"
        type="date"
        max={filters.until || undefined}
        value={filters.since}
        onChange={set("since")}
      />
      <Field label="To" type="date" min={filters.since || undefined} value={filters.until} onChange={set("until")} />
    </div>
  );
}
