/**
 * Messages on their way. They are kept in the browser until the server has acknowledged them, so that a closed tab or a lost
 * connection loses none. Of all tabs one sends: the holder of a lock.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { ApiError } from "@/api/client";
import type { Attachment, Message } from "@/api/types";

/** A message that is not acknowledged yet. */
export interface Pending {
  client_id: string;
  /** Who wrote it: another person may sign in in the same browser. */
  user_id: string;
  conversation_id: string;
  thread_id?: string;
  reply_to?: string;
  text: string;
  /** Files that are on the server already. */
  attachments?: readonly Attachment[];
  created_at: string;
  /** Why the server refused it; it waits for the person then. */
  failed?: string;
  /** The server has it, and it has not come back as an event yet. It is never kept so. */
  sent?: true;
}

interface Schema extends DBSchema {
  pending: { key: string; value: Pending };
}

type Send = (pending: Pending) => Promise<Message>;

const CHANNEL = "rony-outbox";
const LONGEST_WAIT = 30_000;

export class Outbox {
  private readonly channel = new BroadcastChannel(CHANNEL);
  /** Ends a rest. */
  private rouse: () => void = () => {};
  /** Something happened since the last look at what is waiting. */
  private woken = false;
  private closed = false;

  private constructor(
    private readonly db: IDBPDatabase<Schema>,
    private readonly user: string,
    private readonly send: Send,
    private readonly changed: (pending: readonly Pending[]) => void,
  ) {}

  /** Opens what this person has not sent yet, and begins to send. `changed` is told all of it, now and after each change. */
  static async open(user: string, send: Send, changed: (pending: readonly Pending[]) => void): Promise<Outbox> {
    const db = await openDB<Schema>("rony", 1, {
      upgrade: (database) => void database.createObjectStore("pending", { keyPath: "client_id" }),
    });
    const outbox = new Outbox(db, user, send, changed);
    outbox.channel.onmessage = () => void outbox.refresh();
    await outbox.refresh();
    void navigator.locks.request(`${CHANNEL}-${user}`, () => outbox.run());
    return outbox;
  }

  /** Keeps a message until it is sent. */
  async put(pending: Pending): Promise<void> {
    await this.db.put("pending", pending);
    await this.told();
  }

  /** Takes a message back that was not sent. */
  async remove(clientId: string): Promise<void> {
    await this.db.delete("pending", clientId);
    await this.told();
  }

  /** Tries again now: the connection is back, or the person wants it. */
  retry(): void {
    this.wake();
  }

  close(): void {
    this.closed = true;
    this.channel.close();
    this.wake();
  }

  private async told(): Promise<void> {
    if (!this.closed) this.channel.postMessage("changed");
    await this.refresh();
  }

  private async refresh(): Promise<void> {
    this.changed(await this.waiting());
    this.wake();
  }

  private async waiting(): Promise<Pending[]> {
    const all = (await this.db.getAll("pending")).filter((pending) => pending.user_id === this.user);
    return all.sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.closed) {
      this.woken = false;
      const next = (await this.waiting()).find((pending) => pending.failed === undefined);
      if (next === undefined) {
        await this.rest(null);
        continue;
      }
      failures = (await this.deliver(next)) ? 0 : failures + 1;
      if (failures > 0) await this.rest(Math.min(LONGEST_WAIT, 500 * 2 ** failures));
    }
  }

  /** Whether the message is dealt with: sent, or refused for good. */
  private async deliver(pending: Pending): Promise<boolean> {
    try {
      await this.send(pending);
      await this.remove(pending.client_id);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || isPassing(error)) return false;
      await this.put({ ...pending, failed: error.message });
      return true;
    }
  }

  private wake(): void {
    this.woken = true;
    this.rouse();
  }

  /** Waits for so long, or until it is woken; not at all where that happened already while something was under way. */
  private rest(milliseconds: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === null ? undefined : setTimeout(resolve, milliseconds);
      this.rouse = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.woken) this.rouse();
    });
  }
}

let last = 0;

/** The moment at which something was written: later than any that this page gave out before, so that order stays. */
export function momentOfWriting(): string {
  last = Math.max(Date.now(), last + 1);
  return new Date(last).toISOString();
}

/** Whether the same may work later. */
function isPassing(error: ApiError): boolean {
  return error.status === 0 || error.status === 401 || error.status === 429 || error.status >= 500;
}
