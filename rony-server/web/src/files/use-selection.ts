/** What of a list is chosen, and where the keys are. */
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Item } from "@/api/types";

interface Modifiers {
  shift: boolean;
  /** Ctrl, or Cmd on a Mac. */
  main: boolean;
}

export interface Selection {
  chosen: ReadonlySet<string>;
  /** The items that are chosen, in their order. */
  items: readonly Item[];
  /** The index at which the keys are. */
  at: number;
  /** As a click or an arrow key does. */
  go: (index: number, modifiers: Modifiers) => void;
  toggle: (index: number) => void;
  /** Chooses just this one, unless it is chosen already. */
  include: (index: number) => void;
  all: () => void;
  clear: () => void;
}

/** What is not loaded yet. */
interface More {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
}

export function useSelection(items: readonly Item[], more: More): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [focus, setFocus] = useState(0);
  const [anchor, setAnchor] = useState(0);
  // All of it is wanted, also what is not loaded yet: it comes page by page.
  const [whole, setWhole] = useState(false);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = more;
  useEffect(() => {
    if (!whole) return;
    setChosen(new Set(items.map(({ id }) => id)));
    if (!hasNextPage || isFetchNextPageError) setWhole(false);
    else if (!isFetchingNextPage) void fetchNextPage();
  }, [whole, items, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const at = Math.max(0, Math.min(focus, items.length - 1));
  // What is gone from the list is not chosen any more.
  const here = useMemo(() => (chosen.size === 0 ? [] : items.filter(({ id }) => chosen.has(id))), [items, chosen]);

  const range = (from: number, to: number) =>
    items.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ id }) => id);

  function go(index: number, { shift, main }: Modifiers) {
    const item = items[index];
    if (item === undefined) return;
    setWhole(false);
    setFocus(index);
    if (shift) {
      setChosen(new Set(main ? [...chosen, ...range(anchor, index)] : range(anchor, index)));
      return;
    }
    setAnchor(index);
    if (!main) setChosen(new Set([item.id]));
  }

  function toggle(index: number) {
    const item = items[index];
    if (item === undefined) return;
    setWhole(false);
    const next = new Set(here.map(({ id }) => id));
    if (!next.delete(item.id)) next.add(item.id);
    setChosen(next);
    setFocus(index);
    setAnchor(index);
  }

  function include(index: number) {
    const item = items[index];
    setFocus(index);
    if (item && !chosen.has(item.id)) {
      setChosen(new Set([item.id]));
      setAnchor(index);
    }
  }

  const clear = useCallback(() => {
    setWhole(false);
    setChosen(new Set());
  }, []);
  return {
    chosen: useMemo(() => new Set(here.map(({ id }) => id)), [here]),
    items: here,
    at,
    go,
    toggle,
    include,
    all: () => setWhole(true),
    clear,
  };
}
