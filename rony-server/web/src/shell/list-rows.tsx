/** The rows of the list of conversations: of any number only those are drawn that are in view, or reached by a key. */
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown } from "lucide-react";
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { ConversationView } from "@/api/types";
import { useLatest } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { Row } from "./list-row";
import type { Section } from "./order";

/** How high a section's heading and a row are, in `rem`: people may have larger letters. */
const HEAD = 2;
const ROW = 3.5;
/** So many out of view are drawn too. */
const AROUND = 8;

interface Shown {
  name: Section["name"];
  open: boolean;
  rows: readonly ConversationView[];
  /** The number of its heading, among all headings and rows. */
  at: number;
}

interface Props {
  found: readonly Section[];
  filtered: boolean;
  leave: () => void;
  /** Of the sections' headings. */
  level: number;
}

/** The rows are one stop of the Tab key; the arrow keys go through them. */
export function ListRows({ found, filtered, leave, level }: Props) {
  const [at] = useLocation();
  const here = at.match(/^\/c\/([^/]+)/)?.[1] ?? null;
  const [closed, toggle] = useClosed();
  const shown = useMemo(
    () => layOut(found, (name) => filtered || !closed.includes(name), here),
    [found, filtered, closed, here],
  );
  const numbers = useMemo(() => numbersOf(shown), [shown]);
  const { scroller, drawn, stop, setFocused, walk } = useWindow(shown, numbers, here);
  return (
    <nav
      ref={scroller}
      aria-label="Your conversations"
      className="min-h-0 flex-1 overflow-y-auto px-2 pb-3"
      onKeyDown={walk}
    >
      {shown.map(({ name, open, rows, at }) => (
        <section key={name}>
          <SectionHead level={level} name={name} open={open} toggle={() => toggle(name)} />
          <ul className="relative" style={{ height: `${rows.length * ROW}rem` }}>
            {rows.map((view, index) =>
              drawn.has(at + 1 + index) ? (
                <li
                  key={view.id}
                  aria-setsize={rows.length}
                  aria-posinset={index + 1}
                  className="group/row absolute inset-x-0"
                  style={{ top: `${index * ROW}rem` }}
                >
                  <Row
                    view={view}
                    here={view.id === here}
                    stop={view.id === stop}
                    focused={setFocused}
                    chosen={leave}
                  />
                </li>
              ) : null,
            )}
          </ul>
        </section>
      ))}
    </nav>
  );
}

/** What is drawn, and where the keys are. */
function useWindow(shown: readonly Shown[], numbers: ReadonlyMap<string, number>, here: string | null) {
  const scroller = useRef<HTMLElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const [rem] = useState(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  const ids = [...numbers.keys()];
  const stop = [focused, here].find((id) => id !== null && numbers.has(id)) ?? ids[0];
  const heads = useMemo(() => new Set(shown.map((section) => section.at)), [shown]);

  const virtual = useVirtualizer({
    count: heads.size + numbers.size,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (heads.has(index) ? HEAD : ROW) * rem,
    overscan: AROUND,
    // The first drawing knows no more than the window.
    initialRect: { width: 0, height: window.innerHeight },
    // The keys must find the first row and the one at which they are, wherever the view is.
    rangeExtractor: (range) => [
      ...new Set([...defaultRangeExtractor(range), ...[ids[0], stop].map((id) => numbers.get(id ?? "") ?? 0)]),
    ],
  });
  const drawn = new Set(virtual.getVirtualItems().map(({ index }) => index));

  // Where one is may have been chosen elsewhere: by a key, a link, a notification.
  const places = useLatest(numbers);
  useEffect(() => {
    const number = places.current.get(here ?? "");
    if (number !== undefined) virtual.scrollToIndex(number, { align: "auto" });
  }, [here, places, virtual]);

  // A row that keys go to may be drawn only now.
  const wanted = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    focusRow(scroller.current, wanted.current);
    wanted.current = null;
  });

  /** Goes through the rows by the arrow keys. */
  function walk(event: KeyboardEvent<HTMLElement>) {
    const from = event.target instanceof HTMLElement ? ids.indexOf(event.target.dataset.row ?? "") : -1;
    if (from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: ids.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = ids[Math.min(Math.max(to, 0), ids.length - 1)];
    if (next === undefined || focusRow(scroller.current, next)) return;
    wanted.current = next;
    setFocused(next);
  }

  return { scroller, drawn, stop, setFocused, walk };
}

/** Whether the row is there to be focused. */
function focusRow(scroller: HTMLElement | null, id: string): boolean {
  const row = scroller?.querySelector<HTMLElement>(`a[data-row="${id}"]`);
  row?.focus();
  return row != null;
}

/** The sections with their rows: of one that is put away only where one is, and what is unread. */
function layOut(found: readonly Section[], isOpen: (name: Section["name"]) => boolean, here: string | null): Shown[] {
  let at = 0;
  return found.map(({ name, conversations }) => {
    const open = isOpen(name);
    const rows = open ? conversations : conversations.filter((view) => view.id === here || view.unread > 0);
    const section = { name, open, rows, at };
    at += 1 + rows.length;
    return section;
  });
}

/** Each row's number among all headings and rows, from the first to the last. */
function numbersOf(shown: readonly Shown[]): ReadonlyMap<string, number> {
  return new Map(shown.flatMap(({ rows, at }) => rows.map(({ id }, index) => [id, at + 1 + index] as const)));
}

interface HeadProps {
  name: string;
  level: number;
  open: boolean;
  toggle: () => void;
}

function SectionHead({ name, level, open, toggle }: HeadProps) {
  return (
    <h3 aria-level={level} className="flex h-8 flex-col justify-end">
      <button
        type="button"
        aria-expanded={open}
        onClick={toggle}
        className="flex h-7 w-full items-center gap-1 rounded-md px-2 font-medium text-soft text-xs hover:text-text"
      >
        {name}
        <ChevronDown className={cn("size-3.5 transition-transform", !open && "-rotate-90")} aria-hidden />
      </button>
    </h3>
  );
}

const CLOSED = "rony-closed-sections";

/** The sections that the person has put away, remembered in this browser. */
function useClosed(): [readonly string[], (name: string) => void] {
  const [closed, setClosed] = useState<readonly string[]>(() => (localStorage.getItem(CLOSED) ?? "").split(","));
  function toggle(name: string) {
    const next = closed.includes(name) ? closed.filter((other) => other !== name) : [...closed, name];
    localStorage.setItem(CLOSED, next.join());
    setClosed(next);
  }
  return [closed, toggle];
}
