import { expect, test } from "vitest";
import type { Item } from "@/api/types";
import { compare, NO_FILTERS, toQuery } from "./view";

const item = (name: string, more: Partial<Item> = {}) =>
  ({ kind: "file", name, size: 0, modified_at: "", ...more }) as Item;
const names = (items: Item[]) => items.map(({ name }) => name);

test("folders come first, whatever the order", () => {
  const items = [item("b"), item("Z", { kind: "folder" }), item("A")];
  expect(names([...items].sort(compare({ by: "name", desc: false })))).toEqual(["Z", "A", "b"]);
  expect(names([...items].sort(compare({ by: "name", desc: true })))).toEqual(["Z", "b", "A"]);
});

test("what is equal is put in order by name", () => {
  const items = [item("c", { size: 2 }), item("b", { size: 1 }), item("a", { size: 1 })];
  expect(names(items.sort(compare({ by: "size", desc: false })))).toEqual(["a", "b", "c"]);
});

test("a search asks for whole days of the person", () => {
  const filters = { ...NO_FILTERS, since: "2026-05-10", until: "2026-05-10" };
  const { since, until } = toQuery({ kind: "search", query: "", filters }, { by: "name", desc: false });
  expect(Date.parse(String(until)) - Date.parse(String(since))).toBe(86_400_000);
  expect(toQuery({ kind: "folder", id: null }, { by: "size", desc: true })).toEqual({
    parent: undefined,
    sort: "-size",
  });
});
