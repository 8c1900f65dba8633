/**
 * What was begun to be written and is not at the server yet. It is kept in the browser until it is there, so that what is written
 * without a connection is on all devices later, and what another device wrote meanwhile is not lost either.
 */
import { ApiError } from "@/api/client";
import { run } from "./known";

export interface Unsaved {
  /** By `draftKey`. */
  key: string;
  /** Whose it is: another person may sign in in the same browser. */
  user_id: string;
  conversation_id: string;
  thread_id?: string;
  /** Empty where the draft is to go. */
  text: string;
  /** What the server had when this was begun. */
  base: string;
}

export type Place = Pick<Unsaved, "key" | "conversation_id" | "thread_id">;

/** Where drafts are brought, and who hears of them. */
export interface Desk {
  /** What the server has. */
  read(place: Place): Promise<string>;
  write(draft: Unsaved): Promise<void>;
  /** What was written elsewhere has come into a draft of this page. */
  changed(key: string, text: string): void;
  /** It did not work now. */
  failed(): void;
}

/** What becomes of a draft that was written here while the server's may have changed elsewhere. */
export function joined(base: string, here: string, there: string): string {
  if (here === base) return there;
  // Nothing happened there, or what is there is in what was written here.
  if (there === base || here.includes(there)) return here;
  // It goes on there after it was sent or deleted here; or all of it is there already.
  if (there.includes(here)) return there;
  return `${there}\n\n${here}`;
}

export class Drafts {
  private readonly unsaved = new Map<string, Unsaved>();
  /** Those that waited: the server's may be another one meanwhile. */
  private readonly late = new Set<string>();
  /** Those that are under way: of two at once the older one could arrive last. */
  private readonly busy = new Map<string, Promise<void>>();

  constructor(
    private readonly user: string,
    private readonly desk: Desk,
  ) {}

  /** Takes in what an earlier page did not bring to the server. */
  async recall(): Promise<void> {
    for (const one of await run((db) => db.getAll("drafts"), [])) {
      if (one.user_id !== this.user || this.unsaved.has(one.key)) continue;
      this.unsaved.set(one.key, one);
      this.late.add(one.key);
    }
  }

  has(key: string): boolean {
    return this.unsaved.has(key);
  }

  /** Keeps a text, and brings it to the server as soon as that works. `known` is what the server had, as far as is known here. */
  keep(place: Place, text: string, known: string): Promise<void> {
    const base = this.unsaved.get(place.key)?.base ?? known;
    this.set({ ...place, user_id: this.user, text, base });
    return this.bring(place.key);
  }

  /** Tries again what did not work. */
  retry(): void {
    for (const key of this.unsaved.keys()) void this.bring(key);
  }

  /** The server's drafts, with those of this page in their places. */
  over(drafts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const next = new Map(drafts);
    for (const { key, text } of this.unsaved.values()) {
      if (text === "") next.delete(key);
      else next.set(key, text);
    }
    return next;
  }

  private async bring(key: string): Promise<void> {
    const bringing = (this.busy.get(key) ?? Promise.resolve()).then(() => this.deliver(key));
    this.busy.set(key, bringing);
    await bringing;
    if (this.busy.get(key) === bringing) this.busy.delete(key);
  }

  private async deliver(key: string): Promise<void> {
    const draft = this.unsaved.get(key);
    // The one before has taken it along.
    if (draft === undefined) return;
    try {
      if (this.late.has(key)) this.join(key, await this.desk.read(draft));
      const now = this.unsaved.get(key) ?? draft;
      await this.desk.write(now);
      this.saved(now);
    } catch (error) {
      if (isOver(error)) return this.drop(key);
      this.late.add(key);
      this.desk.failed();
    }
  }

  private join(key: string, there: string): void {
    const now = this.unsaved.get(key);
    if (now === undefined) return;
    const text = joined(now.base, now.text, there);
    this.set({ ...now, text, base: there });
    if (text !== now.text) this.desk.changed(key, text);
  }

  /** The server has it. What was written since then builds on it. */
  private saved(draft: Unsaved): void {
    this.late.delete(draft.key);
    const now = this.unsaved.get(draft.key);
    if (now === undefined) return;
    if (now.text === draft.text) this.drop(draft.key);
    else this.set({ ...now, base: draft.text });
  }

  private set(draft: Unsaved): void {
    this.unsaved.set(draft.key, draft);
    void run((db) => db.put("drafts", draft), undefined);
  }

  private drop(key: string): void {
    this.unsaved.delete(key);
    this.late.delete(key);
    void run((db) => db.delete("drafts", key), undefined);
  }
}

/** Whether there is no place for this draft any more. */
function isOver(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 403 || error.status === 404);
}
