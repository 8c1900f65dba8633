/** What is asked about files, and how it stays right. */
import {
  type InfiniteData,
  type QueryClient,
  type QueryKey,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Item, ItemPage } from "@/api/types";
import { useClient } from "@/client/hooks";
import type { StreamEvent } from "@/sync/wire";
import { type Door, useDoor } from "./door";
import { compare, type Sort, toQuery, type View } from "./view";

const PAGE = 200;
/** A list with more pages is not loaded anew for one change: only the item that changed is. */
const FEW_PAGES = 4;
/** What happens within so many milliseconds is asked for at once. */
const GATHER = 250;

type Lists = InfiniteData<ItemPage, string | undefined>;

const LISTS = ["files", "list"];

/** The items of a view, of which more are loaded as one comes to the end. */
export function useListing(view: View, sort: Sort, enabled = true) {
  const door = useDoor();
  const query = useInfiniteQuery({
    queryKey: [...LISTS, view, sort],
    queryFn: ({ pageParam }) => door.list({ ...toQuery(view, sort), limit: PAGE, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
    // To compare a hundred thousand rows with those before takes longer than to draw the few that are in view.
    structuralSharing: false,
    staleTime: 5_000,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, items };
}

/** An item with the way to it. */
export function useItem(id: string | null) {
  const door = useDoor();
  return useQuery({
    queryKey: ["files", "item", id],
    queryFn: () => door.get(id ?? ""),
    enabled: id !== null,
    retry: false,
  });
}

export function useDrive() {
  const door = useDoor();
  return useQuery({ queryKey: ["files", "drive"], queryFn: () => door.drive() });
}

/** Asks for all of it anew that is shown. */
export function refreshFiles(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ queryKey: ["files"] });
}

/** Changes the lists as they are here, before the server has said anything. */
export function changeLists(queries: QueryClient, change: (items: Item[], view: View) => Item[]): void {
  for (const [key] of queries.getQueriesData<Lists>({ queryKey: LISTS })) {
    queries.setQueryData<Lists>(key, (lists) => lists && withItems(lists, (items) => change(items, viewOf(key))));
  }
}

function withItems(lists: Lists, change: (items: Item[]) => Item[]): Lists {
  return { ...lists, pages: lists.pages.map((page) => ({ ...page, items: change(page.items) })) };
}

function viewOf(key: QueryKey): View {
  return key[2] as View;
}

/** Keeps what is shown in step with what others do, and oneself at another device. */
export function useLiveFiles(): void {
  const client = useClient();
  const queries = useQueryClient();
  const door = useDoor();
  useEffect(() => {
    let changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = client.onEvent((event) => {
      const id = fileOf(event);
      if (id === null) return;
      changed.add(id);
      timer ??= setTimeout(() => {
        timer = undefined;
        refresh(queries, door, changed);
        changed = new Set();
      }, GATHER);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [client, queries, door]);
}

function fileOf(event: StreamEvent): string | null {
  const known = event.type === "file.changed" || event.type === "grant.added" || event.type === "grant.removed";
  return known ? event.file_id : null;
}

function refresh(queries: QueryClient, door: Door, changed: ReadonlySet<string>): void {
  const large = queries
    .getQueryCache()
    .findAll({ queryKey: LISTS })
    .filter(({ state }) => ((state.data as Lists | undefined)?.pages.length ?? 0) > FEW_PAGES)
    .map(({ queryHash }) => queryHash);
  void queries.invalidateQueries({
    queryKey: ["files"],
    predicate: ({ queryHash }) => !large.includes(queryHash),
  });
  if (large.length === 0) return;
  for (const id of changed) {
    void door.get(id).then(
      ({ item }) => place(queries, id, item),
      () => place(queries, id, null),
    );
  }
}

/** Puts an item that changed where it belongs in the lists that are too long to be loaded anew. */
function place(queries: QueryClient, id: string, item: Item | null): void {
  for (const [key, lists] of queries.getQueriesData<Lists>({ queryKey: LISTS })) {
    if (lists === undefined || lists.pages.length <= FEW_PAGES) continue;
    const [view, sort] = [viewOf(key), key[3] as Sort];
    const stays = item !== null && item.trashed_at === null && (view.kind !== "folder" || view.id === item.parent_id);
    const known = lists.pages.some((page) => page.items.some((one) => one.id === id));
    if (!stays)
      queries.setQueryData(
        key,
        withItems(lists, (items) => items.filter((one) => one.id !== id)),
      );
    else if (known) {
      queries.setQueryData(
        key,
        withItems(lists, (items) => items.map((one) => (one.id === id ? item : one))),
      );
    } else if (view.kind === "folder") queries.setQueryData(key, inserted(lists, item, sort));
  }
}

function inserted(lists: Lists, item: Item, sort: Sort): Lists {
  const before = compare(sort);
  const at = lists.pages.findIndex((page) => {
    const last = page.items.at(-1);
    return last !== undefined && before(item, last) < 0;
  });
  // It comes with a page that is not loaded yet.
  if (at < 0 && lists.pages.at(-1)?.next) return lists;
  const into = at < 0 ? lists.pages.length - 1 : at;
  return {
    ...lists,
    pages: lists.pages.map((page, index) =>
      index === into ? { ...page, items: [...page.items, item].sort(before) } : page,
    ),
  };
}
