/**
 * Files on their way to the server, by the tus protocol: a few at a time, from where they were after the connection was lost. What the
 * page had under way when it was closed is listed, and goes on once the person gives the same file again.
 */
import type { DetailedError, Upload as Tus } from "tus-js-client";
import { API_URL, ApiError, explain } from "@/api/client";
import type { IfExists, Problem } from "@/api/types";
import type { Door } from "../door";
import { sizeOf } from "../words";
import type { Gathered } from "./gather";
import { Keep, type Kept } from "./kept";

export type UploadState =
  /** It comes when others are done. */
  | "waiting"
  | "running"
  /** The connection is lost: it goes on by itself. */
  | "away"
  /** There is something of this name: replace it, keep both, or skip it? */
  | "asking"
  | "failed"
  /** From before the page was loaded anew: the same file is needed. */
  | "lost"
  | "done";

export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** What the browser takes it for. */
  readonly type: string;
  /** The folder that it goes into, and what that is called. */
  readonly parent: string | null;
  readonly where: string;
  readonly folders: readonly string[];
  /** It is shown by whoever began it, not in the panel. */
  readonly quiet: boolean;
  readonly state: UploadState;
  /** Bytes that are on the server. */
  readonly sent: number;
  readonly error?: string;
  /** What became of it. */
  readonly item?: string;
  readonly file?: File;
  readonly url?: string;
  readonly ifExists: IfExists;
  /** The file of which it becomes a new version. */
  readonly replace?: string;
}

export interface Goal {
  parent: string | null;
  where: string;
  quiet?: boolean;
  ifExists?: IfExists;
  replace?: string;
}

/** What is uploaded, and how much of it there is. */
export interface Snapshot {
  entries: readonly Entry[];
  sent: number;
  size: number;
  /** Bytes in a second, of late. */
  speed: number;
  busy: boolean;
}

const AT_ONCE = 3;
const TELL_EVERY = 100;
/** After so long it is tried again, in milliseconds; longer each time. */
const AGAIN = [500, 1_000, 2_000, 4_000, 8_000];

const NOTHING: Snapshot = { entries: [], sent: 0, size: 0, speed: 0, busy: false };

export class Uploads {
  private entries = new Map<string, Entry>();
  private readonly running = new Map<string, Tus>();
  private readonly folders = new Map<string, Promise<string>>();
  private readonly tries = new Map<string, number>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly listeners = new Set<() => void>();
  private readonly keep: Keep | null;
  private state: Snapshot = NOTHING;
  /** So many are about to run. */
  private starting = 0;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private samples: { at: number; sent: number }[] = [];
  private stopped = false;

  /** `owner` is under whom the browser remembers what is not done; nothing is remembered without one. */
  constructor(
    private readonly door: Door,
    owner?: string,
  ) {
    this.keep = owner ? new Keep(owner) : null;
    window.addEventListener("online", this.goOn);
    window.addEventListener("beforeunload", this.leaving);
    void this.keep?.lost().then((lost) => lost.forEach(this.recall));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.state;

  /** Uploads files, each into the folder that it lies in; answers under which ids. */
  add(files: readonly Gathered[], goal: Goal): string[] {
    const ids = files.map(({ file, folders }) => {
      const known = goal.quiet ? undefined : this.find(file, folders, goal.parent);
      const entry: Entry = known
        ? { ...known, file, state: "waiting" }
        : {
            id: crypto.randomUUID(),
            name: file.name,
            size: file.size,
            type: file.type,
            parent: goal.parent,
            where: folders.at(-1) ?? goal.where,
            folders,
            quiet: goal.quiet ?? false,
            state: "waiting",
            sent: 0,
            file,
            ifExists: goal.ifExists ?? "fail",
            replace: goal.replace,
          };
      this.entries.set(entry.id, entry);
      return entry.id;
    });
    this.next();
    this.tell();
    return ids;
  }

  /** Goes on with one from before, where it is the same file. False where it is another one. */
  again(id: string, file: File): boolean {
    const entry = this.entries.get(id);
    if (entry?.state !== "lost" || entry.name !== file.name || entry.size !== file.size) return false;
    this.change(id, { file, state: "waiting" });
    this.next();
    return true;
  }

  /** Says what to do where there is something of this name: with this one, or with all that ask. */
  answer(id: string, ifExists: "replace" | "rename" | "skip", all: boolean): void {
    for (const entry of this.entries.values()) {
      if (entry.state !== "asking" && !(all && entry.state === "waiting" && !entry.quiet)) continue;
      if (entry.id !== id && !all) continue;
      if (ifExists !== "skip") this.change(entry.id, { ifExists, state: "waiting" });
      else if (entry.state === "asking") this.entries.delete(entry.id);
    }
    this.next();
    this.tell();
  }

  retry(id: string): void {
    this.tries.delete(id);
    this.change(id, { state: "waiting", error: undefined });
    this.next();
  }

  /** Stops it, and removes what is on the server of it. */
  cancel(id: string): void {
    const [entry, upload] = [this.entries.get(id), this.running.get(id)];
    this.entries.delete(id);
    this.running.delete(id);
    this.keep?.remove(id);
    if (upload) void upload.abort(true).catch(() => {});
    else if (entry?.url && entry.state !== "done") void this.terminate(entry.url);
    this.next();
    this.tell();
  }

  /** It is somebody else's now, such as a message's: it is shown no more. */
  forget(id: string): void {
    this.entries.delete(id);
    this.tell();
  }

  cancelAll(): void {
    for (const { id, state, quiet } of [...this.entries.values()]) if (!quiet && state !== "done") this.cancel(id);
  }

  /** Takes what is done out of the list; with nothing under way, all of it. */
  clear(): void {
    for (const { id, state, quiet } of [...this.entries.values()]) {
      if (quiet || (state !== "done" && state !== "failed")) continue;
      this.entries.delete(id);
      this.keep?.remove(id);
    }
    this.tell();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.goOn);
    window.removeEventListener("beforeunload", this.leaving);
    for (const timer of this.timers) clearTimeout(timer);
    for (const upload of this.running.values()) void upload.abort().catch(() => {});
  }

  /** The one from before that this file belongs to. */
  private find({ name, size }: File, folders: readonly string[], parent: string | null): Entry | undefined {
    return [...this.entries.values()].find(
      (one) =>
        one.state === "lost" &&
        one.name === name &&
        one.size === size &&
        (folders.length === 0 ? one.parent === parent : one.where === folders.at(-1)),
    );
  }

  /** Puts one from before into the list, with as much of it as the server has. */
  private readonly recall = async (kept: Kept): Promise<void> => {
    const { id, url, name, size, parent, where } = kept;
    const headers = { ...this.door.headers, "Tus-Resumable": "1.0.0" };
    const answer = await fetch(url, { method: "HEAD", headers, credentials: "same-origin" }).catch(() => null);
    if (answer !== null && !answer.ok && answer.status < 500) return this.keep?.remove(id);
    const sent = Number(answer?.headers.get("Upload-Offset") ?? 0);
    if (sent === size && answer?.headers.get("Rony-File")) return this.keep?.remove(id);
    const goal = { parent, where, folders: [], quiet: false, ifExists: "fail" as const };
    this.entries.set(id, { id, url, name, size, sent, type: "", ...goal, state: "lost" });
    this.tell();
  };

  /** Begins as many as may run at once. */
  private next(): void {
    if (this.stopped) return;
    let free = AT_ONCE - this.running.size - this.starting;
    for (const entry of this.entries.values()) {
      if (free <= 0) return;
      if (entry.state !== "waiting") continue;
      free -= 1;
      this.starting += 1;
      this.change(entry.id, { state: "running" });
      void this.start(entry.id)
        .catch((error) => this.failed(entry.id, error))
        .finally(() => {
          this.starting -= 1;
          this.next();
        });
    }
  }

  private async start(id: string): Promise<void> {
    const entry = this.entries.get(id);
    if (entry?.file === undefined) return;
    const [{ Upload }, parent] = await Promise.all([protocol(), this.folderOf(entry)]);
    // It may have been taken back meanwhile.
    if (!this.entries.has(id) || this.stopped) return;
    this.change(id, { parent, folders: [] });
    const upload = new Upload(entry.file, {
      endpoint: `${API_URL}/uploads`,
      uploadUrl: entry.url ?? null,
      headers: this.door.headers,
      metadata: {
        filename: entry.name,
        ...(parent && { parent_id: parent }),
        ...(entry.file.type && { media_type: entry.file.type }),
        ...(entry.replace ? { replace: entry.replace } : { if_exists: entry.ifExists }),
        modified_at: new Date(entry.file.lastModified).toISOString(),
      },
      // What is tried again, and when, is decided here.
      retryDelays: null,
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => this.hasUrl(id, upload.url ?? undefined),
      onProgress: (sent) => this.progress(id, sent),
      onSuccess: ({ lastResponse }) => this.done(id, lastResponse.getHeader("Rony-File")),
      onError: (error) => this.failed(id, error),
    });
    this.running.set(id, upload);
    upload.start();
  }

  /** The folder that it goes into: those above it are made where they are not there. */
  private async folderOf({ parent, folders }: Entry): Promise<string | null> {
    let at = parent;
    for (const name of folders) {
      const [key, above] = [`${at ?? ""}/${name}`, at];
      const making =
        this.folders.get(key) ??
        this.door.createFolder({ parent_id: above, name, if_exists: "use" }).then((folder) => folder.id);
      this.folders.set(key, making);
      // One that could not be made is tried again with the next file.
      making.catch(() => this.folders.delete(key));
      at = await making;
    }
    return at;
  }

  private hasUrl(id: string, url: string | undefined): void {
    const entry = this.entries.get(id);
    if (entry === undefined || url === undefined || entry.url === url) return;
    this.change(id, { url });
    if (entry.quiet || !entry.file) return;
    const { name, size, parent, where } = entry;
    this.keep?.put({ id, url, name, size, parent, where });
  }

  private progress(id: string, sent: number): void {
    this.tries.delete(id);
    this.change(id, { sent, state: "running" });
  }

  private done(id: string, item: string | undefined): void {
    this.running.delete(id);
    this.keep?.remove(id);
    const entry = this.entries.get(id);
    // A picture that goes with a message is shown from here until that is sent.
    const file = entry?.quiet ? entry.file : undefined;
    if (entry) this.change(id, { state: "done", sent: entry.size, item, file });
    this.next();
  }

  private failed(id: string, error: unknown): void {
    this.running.delete(id);
    if (!this.entries.has(id)) return this.next();
    const fault = faultOf(error);
    // A link has so much room for what is on its way: the next one may go when another is done.
    if (isPassing(fault) || (fault.code === "too_much_at_once" && this.running.size > 0)) {
      const tries = this.tries.get(id) ?? 0;
      this.tries.set(id, tries + 1);
      this.change(id, { state: "away" });
      this.after(AGAIN[Math.min(tries, AGAIN.length - 1)] ?? 0, () => this.resume(id));
    } else if (fault.code === "name_taken" && this.entries.get(id)?.ifExists === "fail") {
      this.change(id, { state: "asking", url: undefined });
    } else {
      this.keep?.remove(id);
      this.change(id, { state: "failed", error: this.inWords(id, fault), url: undefined, sent: 0 });
    }
    this.next();
  }

  private inWords(id: string, fault: ApiError): string {
    const size = sizeOf(this.entries.get(id)?.size ?? 0);
    if (fault.code === "quota_exceeded")
      return `There is no room for ${size} any more. Remove files, empty the trash, or ask whoever runs this server for more.`;
    if (fault.code === "storage_full") return "The server's disk is full. Tell whoever runs it.";
    if (fault.fields.length) return fault.fields.length;
    return Object.values(fault.fields)[0] ?? explain(fault);
  }

  private resume(id: string): void {
    if (this.entries.get(id)?.state === "away") this.change(id, { state: "waiting" });
    this.next();
  }

  private readonly goOn = (): void => {
    for (const { id, state } of this.entries.values()) if (state === "away") this.resume(id);
  };

  private readonly leaving = (event: BeforeUnloadEvent): void => {
    if (this.state.busy) event.preventDefault();
  };

  private after(milliseconds: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, milliseconds);
    this.timers.add(timer);
  }

  private async terminate(url: string): Promise<void> {
    const headers = { ...this.door.headers, "Tus-Resumable": "1.0.0" };
    await fetch(url, { method: "DELETE", headers, credentials: "same-origin" }).catch(() => {});
  }

  private change(id: string, change: Partial<Entry>): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    this.entries.set(id, { ...entry, ...change });
    this.tell();
  }

  /** Tells what is new: of much at once, not each. */
  private tell(): void {
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      this.state = this.summed();
      for (const listener of this.listeners) listener();
    }, TELL_EVERY);
  }

  private summed(): Snapshot {
    const entries = [...this.entries.values()];
    let [sent, size, busy] = [0, 0, false];
    for (const entry of entries) {
      if (["waiting", "running", "away", "asking"].includes(entry.state)) busy = true;
      if (entry.quiet || entry.state === "failed" || entry.state === "lost") continue;
      sent += entry.sent;
      size += entry.size;
    }
    return { entries, sent, size, speed: busy ? this.measured(sent) : 0, busy };
  }

  /** Over the last few seconds. */
  private measured(sent: number): number {
    const now = performance.now();
    const last = this.samples.at(-1);
    // Something was taken out of the list: what was measured tells nothing any more.
    if (last && last.sent > sent) this.samples = [];
    this.samples = [...this.samples.filter(({ at }) => now - at < 5_000), { at: now, sent }];
    const first = this.samples[0];
    return first && now - first.at > 500 ? ((sent - first.sent) * 1000) / (now - first.at) : 0;
  }
}

let loading: Promise<typeof import("tus-js-client")> | undefined;

/** What speaks tus, loaded with the first upload. */
function protocol(): Promise<typeof import("tus-js-client")> {
  loading ??= import("tus-js-client").catch(() => {
    loading = undefined;
    throw new ApiError("unreachable", "Rony cannot be reached. Check your connection.");
  });
  return loading;
}

/** What the server said against it; code `unreachable` where it said nothing. */
function faultOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const answer = (error as Partial<DetailedError>).originalResponse;
  if (!answer) {
    const sent = (error as Partial<DetailedError>).originalRequest;
    return sent ? new ApiError("unreachable", "Rony cannot be reached. Check your connection.") : unreadable();
  }
  let problem: Partial<Problem> | undefined;
  try {
    problem = JSON.parse(answer.getBody());
  } catch {
    // What stands before the server may have answered in its place.
  }
  return ApiError.of(problem, answer.getStatus());
}

function unreadable(): ApiError {
  return new ApiError("unreadable", "The browser could not read this file. Choose it again.", {}, 400);
}

/** Whether the same may work in a moment. */
function isPassing({ status, code }: ApiError): boolean {
  if (code === "storage_full") return false;
  if (status === 409) return code === "offset_mismatch";
  return status === 0 || status === 423 || status === 429 || status >= 500;
}
