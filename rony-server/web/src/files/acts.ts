/** What one does to files. What goes wrong is said in a toast, and what can be taken back offers that. */
import type { QueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { ApiError, explain } from "@/api/client";
import type { Item } from "@/api/types";
import type { Door, ItemChange } from "./door";
import { changeLists, refreshFiles } from "./queries";
import { count } from "./words";

/** So many requests are under way at once, where something is done to many. */
const AT_ONCE = 6;

export class Acts {
  constructor(
    private readonly door: Door,
    private readonly queries: QueryClient,
  ) {}

  /** Puts them into the trash; the toast takes that back. */
  async trash(items: readonly Item[]): Promise<void> {
    const done = await this.each(items, (item) => this.door.trash(item.id), { gone: true });
    if (done.length === 0) return;
    const said = `${named(done)} ${done.length === 1 ? "is" : "are"} in the trash.`;
    const owned = done.every(({ level }) => level === "owner");
    toast(said, owned ? { action: { label: "Undo", onClick: () => void this.restore(done, true) } } : {});
  }

  async restore(items: readonly Item[], quiet = false): Promise<void> {
    const done = await this.each(items, (item) => this.door.restore(item.id), { gone: !quiet });
    if (done.length > 0 && !quiet) toast.success(`${named(done)} ${done.length === 1 ? "is" : "are"} back.`);
  }

  async deleteForever(items: readonly Item[]): Promise<void> {
    await this.each(items, (item) => this.door.deleteForever(item.id), { gone: true });
  }

  async star(items: readonly Item[], starred: boolean): Promise<void> {
    const ids = new Set(items.map(({ id }) => id));
    changeLists(this.queries, (all) => all.map((item) => (ids.has(item.id) ? { ...item, starred } : item)));
    await this.each(items, (item) => this.door.change(item.id, { starred }));
  }

  /** Puts them into a folder. `rename` where one of the same name may be there. */
  async move(items: readonly Item[], to: { id: string | null; name: string }, rename = false): Promise<void> {
    const moving = items.filter(({ id, parent_id }) => parent_id !== to.id && id !== to.id);
    const taken: Item[] = [];
    const change: ItemChange = { parent_id: to.id, ...(rename && { if_exists: "rename" as const }) };
    const done = await this.each(moving, (item) => this.door.change(item.id, change), {
      failed: (item, error) => {
        if (!isTaken(error)) return false;
        taken.push(item);
        return true;
      },
    });
    if (taken.length > 0) {
      toast.error(
        `There is ${taken.length === 1 ? `a “${taken[0]?.name}”` : "something with these names"} there already.`,
        {
          duration: 10_000,
          action: { label: "Keep both", onClick: () => void this.move(taken, to, true) },
        },
      );
    }
    if (done.length === 0) return;
    toast(`${named(done)} moved to ${to.name}.`, {
      action: { label: "Undo", onClick: () => void this.moveBack(done) },
    });
  }

  private async moveBack(items: readonly Item[]): Promise<void> {
    await this.each(items, (item) =>
      this.door.change(item.id, { parent_id: item.parent_id, name: item.name, if_exists: "rename" }),
    );
  }

  async copy(items: readonly Item[], to: { id: string | null; name: string }): Promise<void> {
    const done = await this.each(items, (item) => this.door.copy(item.id, { parent_id: to.id }));
    if (done.length > 0) toast.success(`${named(done)} copied to ${to.name}.`);
  }

  /** Copies a link that downloads at once, for an hour. */
  async copyDownload(item: Item): Promise<void> {
    try {
      const { url } = await this.door.link(item.id, 60);
      await navigator.clipboard.writeText(url);
      toast.success("Download link copied. It works for one hour, for everybody who has it.");
    } catch (error) {
      toast.error(
        error instanceof ApiError
          ? explain(error)
          : "The browser does not let Rony copy. Open “Share…” to make a link that you can copy yourself.",
      );
    }
  }

  /** Does it with each, a few at a time; answers with which it worked. */
  private async each(
    items: readonly Item[],
    run: (item: Item) => Promise<unknown>,
    { gone, failed }: { gone?: boolean; failed?: (item: Item, error: unknown) => boolean } = {},
  ): Promise<Item[]> {
    const done: Item[] = [];
    const faults: unknown[] = [];
    const left = [...items];
    const work = async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) {
        try {
          await run(item);
          done.push(item);
        } catch (error) {
          if (!failed?.(item, error)) faults.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (gone && done.length > 0) {
      const ids = new Set(done.map(({ id }) => id));
      changeLists(this.queries, (all) => all.filter(({ id }) => !ids.has(id)));
    }
    void refreshFiles(this.queries);
    if (faults.length > 0)
      toast.error(faults.length === 1 ? explain(faults[0]) : `${faults.length} did not work. ${explain(faults[0])}`);
    return done;
  }
}

export function isTaken(error: unknown): boolean {
  return error instanceof ApiError && error.code === "name_taken";
}

export function named(items: readonly Item[]): string {
  const [first] = items;
  return items.length === 1 && first ? `“${first.name}”` : count(items.length, "item", "items");
}
