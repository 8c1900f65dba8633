// biome-ignore-all lint/a11y/useSemanticElements: a table cannot draw only the rows in view
/** The items of a view, as rows or as tiles: of any number only those in view are drawn. */
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Item } from "@/api/types";
import { cn } from "@/lib/cn";
import { useLatest } from "@/lib/latest";
import { useNarrow } from "@/lib/narrow";
import type { Drops } from "./drag";
import { type Around, Cell, type CellContext, Row } from "./rows";
import type { Selection } from "./use-selection";
import { firstSort, isSorted, type Look, SORTS, type Sort, type View } from "./view";

/** How high a row is, in `rem`, on a wide screen and on a phone; and a line of tiles. */
const ROW = 2.75;
const TALL_ROW = 3.75;
const TILE = 12.5;
const TILE_WIDTH = 10;
/** So many out of view are drawn too, and so many before the end the next page is asked for. */
const AROUND = 10;
const AHEAD = 60;

export interface ListingProps {
  label: string;
  items: readonly Item[];
  view: View;
  look: Look;
  sort: Sort;
  setSort: (sort: Sort) => void;
  selection: Selection;
  cell: CellContext;
  drops: Drops;
  open: (item: Item) => void;
  rename: (item: Item) => void;
  trash: (items: readonly Item[]) => void;
  all: () => void;
  more: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

export function Listing(props: ListingProps) {
  const { label, items, view, look, selection, cell, drops, more } = props;
  const narrow = useNarrow();
  const around = useLatest<Around>({ selection, cell, drops });
  const scroller = useRef<HTMLDivElement>(null);
  const [rem] = useState(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  const columns = useColumns(scroller, look, narrow, rem);
  const lines = Math.ceil(items.length / columns);
  const line = Math.floor(selection.at / columns);
  const height = (look === "grid" ? TILE : narrow ? TALL_ROW : ROW) * rem;
  const virtual = useVirtualizer({
    count: lines,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: look === "grid" ? 3 : AROUND,
    initialRect: { width: 0, height: window.innerHeight },
    // The keys find where they are, wherever the view is.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(line, lines - 1)])]
        .filter((index) => index >= 0)
        .sort((a, b) => a - b),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows have other heights
  useLayoutEffect(() => virtual.measure(), [height, virtual]);

  const drawn = virtual.getVirtualItems();
  const last = drawn.findLast(({ index }) => index !== line)?.index ?? 0;
  const near = last * columns + AHEAD >= items.length;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = more;
  useEffect(() => {
    if (near && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [near, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const keys = useKeys(props, columns, virtual, scroller);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc chooses nothing, too
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
      onClick={(event) => event.target === event.currentTarget && selection.clear()}
    >
      <div
        role="grid"
        aria-label={label}
        aria-multiselectable
        aria-rowcount={hasNextPage ? -1 : lines + (look === "list" ? 1 : 0)}
        aria-colcount={look === "list" ? 4 : columns}
        onKeyDown={keys}
        className="px-2 pb-24 md:px-3"
      >
        {look === "list" && <Head {...props} hidden={narrow} />}
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {drawn.map(({ index, start }) =>
            look === "list" ? (
              <Row
                key={items[index]?.id ?? index}
                item={items[index] as Item}
                index={index}
                top={start}
                height={height}
                narrow={narrow}
                view={view}
                chosen={selection.chosen.has(items[index]?.id ?? "")}
                stop={index === selection.at}
                below={cell.below?.(items[index] as Item)}
                around={around}
              />
            ) : (
              <div
                key={index}
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 1}
                className="absolute inset-x-0 grid gap-3 px-1 pt-3 outline-none"
                style={{ top: start, height, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
              >
                {items.slice(index * columns, (index + 1) * columns).map((item, offset) => (
                  <Cell
                    key={item.id}
                    item={item}
                    index={index * columns + offset}
                    view={view}
                    chosen={selection.chosen.has(item.id)}
                    stop={index * columns + offset === selection.at}
                    around={around}
                  />
                ))}
              </div>
            ),
          )}
        </div>
      </div>
    </div>
  );
}

/** How many tiles stand beside each other. */
function useColumns(scroller: React.RefObject<HTMLElement | null>, look: Look, narrow: boolean, rem: number): number {
  const [width, setWidth] = useState(() => window.innerWidth);
  useLayoutEffect(() => {
    if (scroller.current === null) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [scroller]);
  if (look === "list") return 1;
  return Math.max(2, Math.floor((width - 2 * rem) / ((narrow ? 0.95 : 1) * TILE_WIDTH * rem + 12)));
}

/** The keys of the list: arrows go, Shift chooses all on the way, and each of the others does one thing. */
function useKeys(
  { items, selection, open, rename, trash, all, view }: ListingProps,
  columns: number,
  virtual: { scrollToIndex: (index: number) => void },
  scroller: React.RefObject<HTMLElement | null>,
) {
  // A row that keys go to may be drawn only now.
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-cell="${wanted.current}"]`);
    if (!cell) return;
    cell.focus({ preventScroll: true });
    wanted.current = null;
  });

  return (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if (!target.dataset.cell || event.altKey || event.nativeEvent.isComposing) return;
    const main = event.ctrlKey || event.metaKey;
    const item = items[selection.at];
    const steps: Record<string, number> = {
      ArrowDown: columns,
      ArrowUp: -columns,
      Home: -items.length,
      End: items.length,
      PageDown: columns * 10,
      PageUp: -columns * 10,
      ...(columns > 1 && { ArrowRight: 1, ArrowLeft: -1 }),
    };
    const step = steps[event.key];
    if (step !== undefined) {
      const to = Math.max(0, Math.min(items.length - 1, selection.at + step));
      selection.go(to, { shift: event.shiftKey, main });
      wanted.current = to;
      virtual.scrollToIndex(Math.floor(to / columns));
    } else if (event.key === "Enter" && item) open(item);
    else if (event.key === " ") selection.toggle(selection.at);
    else if (event.key === "F2" && item && view.kind !== "trash") rename(item);
    else if ((event.key === "Delete" || (event.key === "Backspace" && main)) && selection.items.length > 0)
      trash(selection.items);
    else if (event.key.toLowerCase() === "a" && main) all();
    else if (event.key === "Escape" && selection.items.length > 0) selection.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

const GRID = "grid grid-cols-[minmax(0,1fr)_9rem_6rem_2.25rem] items-center gap-3 px-2";

/** What the columns are, and how they are sorted. */
function Head({ sort, setSort, view, hidden }: ListingProps & { hidden: boolean }) {
  const sorted = isSorted(view);
  const order = (by: Sort["by"]) => (sort.by !== by || !sorted ? undefined : sort.desc ? "descending" : "ascending");
  // In the trash it is told since when something is there.
  const columns = SORTS.filter(([by]) => by !== "type").map(
    ([by, name]) => [by, by === "modified" && view.kind === "trash" ? "Removed" : name] as const,
  );
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={1}
      className={cn(
        hidden ? "sr-only" : cn(GRID, "sticky top-0 z-10 h-9 border-b bg-background text-soft text-xs outline-none"),
      )}
    >
      {columns.map(([by, title]) => (
        <div
          key={by}
          role="columnheader"
          tabIndex={-1}
          aria-sort={order(by)}
          className={cn(by === "size" && "text-right")}
        >
          {sorted && !hidden ? (
            <button
              type="button"
              onClick={() => setSort(sort.by === by ? { by, desc: !sort.desc } : firstSort(by))}
              className="inline-flex items-center gap-1 rounded font-medium hover:text-text"
            >
              {title}
              {order(by) === "ascending" && <ArrowUp className="size-3" aria-hidden />}
              {order(by) === "descending" && <ArrowDown className="size-3" aria-hidden />}
            </button>
          ) : (
            <span className="font-medium">{title}</span>
          )}
        </div>
      ))}
      <div role="columnheader" tabIndex={-1}>
        <span className="sr-only">More</span>
      </div>
    </div>
  );
}

export { GRID };
