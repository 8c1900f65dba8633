// biome-ignore-all lint/a11y/useSemanticElements: a table cannot draw only the rows in view
// biome-ignore-all lint/a11y/useFocusableInteractive: its handlers come with a `tabIndex`
/** One item, as a row or as a tile. */
import { Check, Ellipsis, Star, Users } from "lucide-react";
import { type DragEvent, Fragment, type MouseEvent, memo, type PointerEvent, type ReactElement, useRef } from "react";
import type { Item } from "@/api/types";
import { cn } from "@/lib/cn";
import { fullTime, shortTime } from "@/lib/time";
import { Button } from "@/ui/button";
import { ContextItem, ContextMenu, ContextSeparator } from "@/ui/context-menu";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { type Drops, startDrag, useDrop } from "./drag";
import { may, type Offer } from "./offers";
import { Thumb } from "./thumb";
import type { Selection } from "./use-selection";
import type { View } from "./view";
import { sizeOf } from "./words";

export interface CellContext {
  /** What can be done with these. */
  offers: (items: readonly Item[]) => Offer[];
  open: (item: Item) => void;
  /** What stands below the name, where it is not the moment of the last change. */
  below?: (item: Item) => string;
}

/** What changes with each drawing of the list, and what a row needs only when something is done to it. */
export interface Around {
  selection: Selection;
  cell: CellContext;
  drops: Drops;
}

interface Props {
  item: Item;
  index: number;
  view: View;
  chosen: boolean;
  /** The keys are here. */
  stop: boolean;
  /** The same object each time: a row is drawn again only when something in it changes. */
  around: { readonly current: Around };
}

const LONG_PRESS = 450;

interface RowProps extends Props {
  top: number;
  height: number;
  narrow: boolean;
  below?: string;
}

export const Row = memo(function Row({ top, height, narrow, below, ...props }: RowProps) {
  const { item, index, chosen } = props;
  const { touched, handlers, over } = useCell(props);
  const changed = item.trashed_at ?? item.modified_at;
  return (
    <ItemMenu {...props}>
      <div
        role="row"
        aria-rowindex={index + 2}
        aria-selected={chosen}
        data-cell={index}
        {...handlers}
        className={cn(
          "group/row absolute inset-x-0 -outline-offset-2 grid cursor-default select-none items-center gap-3 rounded-lg px-2 text-sm hover:bg-hover",
          narrow ? "grid-cols-[minmax(0,1fr)_2.25rem]" : "grid-cols-[minmax(0,1fr)_9rem_6rem_2.25rem]",
          chosen && "bg-selected hover:bg-selected",
          over && "outline-2 outline-accent -outline-offset-2",
        )}
        style={{ top, height }}
      >
        <div role="gridcell" tabIndex={-1} className="flex min-w-0 items-center gap-3">
          {chosen && touched ? <Marked /> : <Thumb item={item} />}
          <span className="min-w-0 flex-1">
            <span className="flex items-center gap-1.5">
              <span dir="auto" title={item.name} className={cn("truncate", narrow && "text-[15px]")}>
                {item.name}
              </span>
              <Marks item={item} />
            </span>
            {narrow && (
              <span className="block truncate text-soft text-xs">
                <span dir="auto">{below ?? shortTime(changed)}</span>
                {item.kind === "file" && ` · ${sizeOf(item.size)}`}
              </span>
            )}
            {!narrow && below !== undefined && (
              <span dir="auto" className="block truncate text-soft text-xs">
                {below}
              </span>
            )}
          </span>
        </div>
        {!narrow && (
          <>
            <div role="gridcell" tabIndex={-1} className="truncate text-soft">
              <time dateTime={changed} title={fullTime(changed)}>
                {shortTime(changed)}
              </time>
            </div>
            <div role="gridcell" tabIndex={-1} className="truncate text-right text-soft tabular-nums">
              {item.kind === "file" ? sizeOf(item.size) : <span className="sr-only">Folder</span>}
            </div>
          </>
        )}
        <div role="gridcell" tabIndex={-1}>
          <More {...props} />
        </div>
      </div>
    </ItemMenu>
  );
});

export const Cell = memo(function Cell(props: Props) {
  const { item, index, chosen } = props;
  const { handlers, over } = useCell(props);
  return (
    <ItemMenu {...props}>
      <div
        role="gridcell"
        aria-selected={chosen}
        data-cell={index}
        {...handlers}
        className={cn(
          "group/row -outline-offset-2 relative flex cursor-default select-none flex-col overflow-hidden rounded-xl border bg-raised hover:bg-hover",
          chosen && "border-accent bg-selected ring-1 ring-accent hover:bg-selected",
          over && "outline-2 outline-accent",
        )}
      >
        <div className="flex min-h-0 flex-1 items-center justify-center overflow-hidden bg-muted/60">
          <Thumb item={item} large />
        </div>
        <div className="flex h-13 shrink-0 items-center gap-1 pr-1 pl-3 text-sm">
          <span className="min-w-0 flex-1">
            <span className="flex items-center gap-1.5">
              <span dir="auto" title={item.name} className="truncate">
                {item.name}
              </span>
              <Marks item={item} />
            </span>
            <span className="block truncate text-soft text-xs">
              {item.kind === "file" ? sizeOf(item.size) : "Folder"}
            </span>
          </span>
          <More {...props} />
        </div>
        {chosen && <Marked className="absolute top-2 left-2 size-6 shadow-sm" />}
      </div>
    </ItemMenu>
  );
});

function Marked({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={cn(
        "flex size-8 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent",
        className,
      )}
    >
      <Check className="size-4" />
    </span>
  );
}

function Marks({ item }: { item: Item }) {
  return (
    <>
      {item.starred && (
        <span className="shrink-0">
          <Star className="size-3.5 fill-warn text-warn" aria-hidden />
          <span className="sr-only">starred</span>
        </span>
      )}
      {item.shared && (
        <span className="shrink-0">
          <Users className="size-3.5 text-soft" aria-hidden />
          <span className="sr-only">shared</span>
        </span>
      )}
    </>
  );
}

/** What a mouse, a finger and a drag do to an item. */
function useCell({ item, index, view, stop: here, around }: Props) {
  const touched = useRef(false);
  const pressed = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const takes = item.kind === "folder" && view.kind !== "trash" && may(item.level, "editor");
  const { over, handlers } = useDrop(takes ? { id: item.id, name: item.name } : null, around.current.drops);
  const movable = view.kind !== "trash" && may(item.level, "editor");
  const stop = () => clearTimeout(timer.current);
  const own = (event: MouseEvent) =>
    event.currentTarget.contains(event.target as Node) && !(event.target as HTMLElement).closest("button, [role=menu]");

  return {
    touched: touched.current,
    over,
    handlers: {
      ...handlers,
      tabIndex: here ? 0 : -1,
      draggable: movable,
      onDragStart: (event: DragEvent) => {
        const { selection } = around.current;
        startDrag(event, meant(item, selection));
        selection.include(index);
      },
      onPointerDown: (event: PointerEvent) => {
        touched.current = event.pointerType === "touch";
        pressed.current = false;
        if (!touched.current || !own(event)) return;
        // The menu at the mouse would come for a finger that rests, too.
        event.preventDefault();
        timer.current = setTimeout(() => {
          pressed.current = true;
          around.current.selection.toggle(index);
        }, LONG_PRESS);
      },
      onPointerUp: stop,
      onPointerMove: stop,
      onPointerCancel: stop,
      onContextMenu: (event: MouseEvent) => {
        if (touched.current) event.preventDefault();
        else around.current.selection.include(index);
      },
      onClick: (event: MouseEvent<HTMLElement>) => {
        if (!own(event) || pressed.current) return;
        const { selection, cell } = around.current;
        if (touched.current) {
          if (selection.chosen.size > 0) selection.toggle(index);
          else cell.open(item);
          return;
        }
        const main = event.ctrlKey || event.metaKey;
        if (main && !event.shiftKey) selection.toggle(index);
        else selection.go(index, { shift: event.shiftKey, main });
        event.currentTarget.focus({ preventScroll: true });
      },
      onDoubleClick: (event: MouseEvent) => {
        if (own(event) && !touched.current) around.current.cell.open(item);
      },
    },
  };
}

/** Those that are chosen, where this is one of them. */
function meant(item: Item, selection: Selection): readonly Item[] {
  return selection.chosen.has(item.id) ? selection.items : [item];
}

function ItemMenu({ children, ...props }: Props & { children: ReactElement }) {
  return <ContextMenu menu={<ContextOffers {...props} />}>{children}</ContextMenu>;
}

/** It is there only while the menu is open: what can be done with very many is not asked for each row. */
function ContextOffers(props: Props) {
  const { cell, selection } = props.around.current;
  return cell.offers(meant(props.item, selection)).map(({ label, icon: Icon, run, danger, apart, keys }) => (
    <Fragment key={label}>
      {apart && <ContextSeparator />}
      <ContextItem danger={danger} onSelect={run}>
        <Icon />
        <span className="flex-1">{label}</span>
        {keys && <kbd className="text-soft text-xs">{keys}</kbd>}
      </ContextItem>
    </Fragment>
  ));
}

function More(props: Props) {
  const { item, stop } = props;
  return (
    <Menu
      trigger={
        <Button
          look="ghost"
          size="icon-small"
          tabIndex={stop ? 0 : -1}
          aria-label={`More for ${item.name}`}
          className="size-9 pointer-fine:opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 data-[state=open]:opacity-100"
        >
          <Ellipsis />
        </Button>
      }
    >
      <MenuOffers {...props} />
    </Menu>
  );
}

function MenuOffers(props: Props) {
  const { cell, selection } = props.around.current;
  return cell.offers(meant(props.item, selection)).map(({ label, icon: Icon, run, danger, apart }) => (
    <Fragment key={label}>
      {apart && <MenuSeparator />}
      <MenuItem danger={danger} onSelect={run}>
        <Icon />
        {label}
      </MenuItem>
    </Fragment>
  ));
}
