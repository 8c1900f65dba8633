/**
 * What the page knew last, kept in this browser: so it can be opened and read without the server. It belongs to whoever is signed
 * in, and goes when they sign out.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Member, Pin, Profile } from "@/api/types";
import { idle } from "@/lib/idle";
import type { Model } from "@/model/model";
import { shortened, type Timeline } from "@/model/timeline";
import type { Unsaved } from "./drafts";

/** All but the messages. */
type Own = Omit<Model, "timelines" | "members" | "pins" | "presence" | "typing" | "marks">;

/** A conversation that was visited, with its newest messages. */
interface Visited {
  id: string;
  user_id: string;
  timeline: Timeline;
  members: readonly Member[];
  pins: readonly Pin[];
}

interface Schema extends DBSchema {
  own: { key: string; value: Own };
  visited: { key: string; value: Visited };
  /** What is not at the server yet. */
  drafts: { key: string; value: Unsaved };
}

/** So long after a change it is kept, with all that changed meanwhile. */
const WAIT = 1_500;
const MESSAGES = 50;
/** So many conversations are kept. */
const CONVERSATIONS = 40;
const OWN = "own";

function open(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>("rony-known", 2, {
    upgrade(database, before) {
      if (before < 1) {
        database.createObjectStore("own");
        database.createObjectStore("visited", { keyPath: "id" });
      }
      database.createObjectStore("drafts", { keyPath: "key" });
    },
  });
}

/** Who was signed in when something was kept last; null where nothing is, or the browser keeps nothing. */
export async function whoWasHere(): Promise<Profile | null> {
  return run(async (db) => (await db.get("own", OWN))?.me ?? null, null);
}

/** What is kept of this person. */
export async function recall(user: string): Promise<Model | null> {
  return run(async (db) => {
    const own = await db.get("own", OWN);
    if (own?.me.id !== user) return null;
    const visited = (await db.getAll("visited")).filter((one) => one.user_id === user && own.conversations.has(one.id));
    return {
      ...own,
      timelines: new Map(visited.map(({ id, timeline }) => [id, timeline])),
      members: new Map(visited.map(({ id, members }) => [id, members])),
      pins: new Map(visited.map(({ id, pins }) => [id, pins])),
      presence: new Map(),
      typing: new Map(),
      marks: new Map(),
    };
  }, null);
}

/** Nothing is kept any more. */
export async function forget(): Promise<void> {
  await run(async (db) => {
    const stores = ["own", "visited", "drafts"] as const;
    const all = db.transaction(stores, "readwrite");
    await Promise.all([...stores.map((name) => all.objectStore(name).clear()), all.done]);
  }, undefined);
}

/** Keeps the model as it changes, not more often than every few moments. */
export class Keeper {
  private kept: Model | null = null;
  private newest: Model | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  changed(model: Model): void {
    this.newest = model;
    this.timer ??= setTimeout(() => void idle().then(() => this.keep()), WAIT);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async keep(): Promise<void> {
    const [model, before] = [this.newest, this.kept];
    await run(async (db) => {
      if (model === null || this.stopped) return;
      const { timelines, members, pins, presence, typing, marks, ...own } = model;
      const all = db.transaction(["own", "visited"], "readwrite");
      const visited = all.objectStore("visited");
      // Another person's is never mixed with one's own.
      if (before === null && (await all.objectStore("own").get(OWN))?.me.id !== model.me.id) await visited.clear();
      void all.objectStore("own").put(own, OWN);
      for (const [id, timeline] of timelines) {
        // A part from the midst of a conversation is not what is newest.
        if (!model.conversations.has(id) || timeline.moreAfter || timeline === before?.timelines.get(id)) continue;
        const one = { members: members.get(id) ?? [], pins: pins.get(id) ?? [] };
        void visited.put({ id, user_id: model.me.id, timeline: shortened(timeline, MESSAGES), ...one });
      }
      for (const id of surplus(await visited.getAllKeys(), model)) void visited.delete(id);
      await all.done;
      this.kept = model;
    }, undefined);
    this.timer = undefined;
    if (this.newest !== model && !this.stopped && this.newest) this.changed(this.newest);
  }
}

/** What is not kept: conversations that one is out of, and those in which nothing happened for the longest time. */
function surplus(visited: readonly string[], model: Model): readonly string[] {
  const moment = (id: string) => model.conversations.get(id)?.last_message?.created_at ?? "";
  const sorted = [...visited].sort((one, other) => (moment(one) < moment(other) ? 1 : -1));
  return sorted.filter((id, index) => index >= CONVERSATIONS || !model.conversations.has(id));
}

/** Where a browser keeps nothing, the page works all the same while there is a connection. */
export async function run<T>(act: (db: IDBPDatabase<Schema>) => Promise<T>, otherwise: T): Promise<T> {
  try {
    const db = await open();
    try {
      return await act(db);
    } finally {
      db.close();
    }
  } catch {
    return otherwise;
  }
}
