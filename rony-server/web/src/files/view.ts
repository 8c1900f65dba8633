/** What of the files is shown, in which order, and how it looks. */
import { useCallback, useState } from "react";
import type { Item } from "@/api/types";
import type { Query } from "./door";

export type View =
  | { kind: "folder"; id: string | null }
  | { kind: "recent" | "starred" | "shared" | "trash" }
  | { kind: "search"; query: string; filters: Filters };

export interface Filters {
  type: string;
  owner: string;
  /** Days, as `2026-11-22`. */
  since: string;
  until: string;
}

export const NO_FILTERS: Filters = { type: "", owner: "", since: "", until: "" };

export const SORTS = [
  ["name", "Name"],
  ["modified", "Changed"],
  ["size", "Size"],
  ["type", "Kind"],
] as const;

export interface Sort {
  by: (typeof SORTS)[number][0];
  desc: boolean;
}

/** As the server is asked for it. */
export function toQuery(view: View, sort: Sort): Query {
  const order = `${sort.desc ? "-" : ""}${sort.by}`;
  switch (view.kind) {
    case "folder":
      return { parent: view.id ?? undefined, sort: order };
    case "search": {
      const { type, owner, since, until } = view.filters;
      return {
        query: view.query || undefined,
        type: type || undefined,
        owner: owner || undefined,
        since: since ? midnight(since, 0) : undefined,
        until: until ? midnight(until, 1) : undefined,
      };
    }
    case "starred":
    case "shared":
      return { view: view.kind, sort: order };
    default:
      return { view: view.kind };
  }
}

/** Whether the person says in which order it comes. */
export function isSorted({ kind }: View): boolean {
  return kind === "folder" || kind === "starred" || kind === "shared";
}

/** The way round in which one looks for something first: names from A, but what is newest, and what is largest. */
export function firstSort(by: Sort["by"]): Sort {
  return { by, desc: by === "modified" || by === "size" };
}

function midnight(day: string, after: number): string | undefined {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const moment = new Date(year, month - 1, date + after);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** Which of the two comes first in a folder. */
export function compare(sort: Sort): (one: Item, other: Item) => number {
  const key = (item: Item): string | number =>
    ({ name: "", modified: item.modified_at, size: item.size, type: item.media_type })[sort.by];
  return (one, other) => {
    if (one.kind !== other.kind) return one.kind === "folder" ? -1 : 1;
    const [a, b] = [key(one), key(other)];
    const first = a < b ? -1 : a > b ? 1 : one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1;
    return sort.desc ? -first : first;
  };
}

export type Look = "list" | "grid";

const LOOK = "rony-files-look";
const SORT = "rony-files-sort";

/** A list or tiles; remembered in this browser. */
export function useLook(): [Look, (look: Look) => void] {
  const [look, setLook] = useState<Look>(() => (localStorage.getItem(LOOK) === "grid" ? "grid" : "list"));
  const choose = useCallback((next: Look) => {
    localStorage.setItem(LOOK, next);
    setLook(next);
  }, []);
  return [look, choose];
}

export function useSort(): [Sort, (sort: Sort) => void] {
  const [sort, setSort] = useState<Sort>(keptSort);
  const choose = useCallback((next: Sort) => {
    localStorage.setItem(SORT, `${next.desc ? "-" : ""}${next.by}`);
    setSort(next);
  }, []);
  return [sort, choose];
}

function keptSort(): Sort {
  const kept = localStorage.getItem(SORT) ?? "name";
  const by = SORTS.find(([name]) => name === kept.replace("-", ""))?.[0] ?? "name";
  return { by, desc: kept.startsWith("-") };
}
