/** The files that go with the message that is being written: on their way to the server, or there already. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { toast } from "sonner";
import type { Attachment, Item } from "@/api/types";
import { OWN_DOOR } from "../door";
import type { Gathered } from "../uploads/gather";
import type { Entry } from "../uploads/uploads";
import { useSnapshot, useUploads } from "../uploads/use-uploads";
import { kindOf } from "../words";

/** What is attached: an upload, or a file that was there. */
export type Attached = { key: string; name: string; media_type: string; size: number } & (
  | { entry: Entry; item?: undefined }
  | { item: Item; entry?: undefined }
);

/** As many as a message takes. */
const MOST = 10;
/** The folder of one's own in which attachments are kept. */
const FOLDER = "Attachments";

/** So often, and after so long each time, it is asked how large a picture is. */
const TRIES = 8;
const AGAIN = 300;

type Part = { upload: string } | { item: Item };

/** What was attached where and is not sent yet: it is there when one comes back to the conversation. */
const kept = new Map<string, readonly Part[]>();

export interface Attaching {
  all: readonly Attached[];
  /** Something is on its way. */
  busy: boolean;
  failed: boolean;
  /** What the message is sent with, where all of it is on the server. */
  ready: readonly Attachment[];
  add: (files: readonly Gathered[]) => void;
  addItems: (items: readonly Item[]) => void;
  remove: (key: string) => void;
  retry: (key: string) => void;
  /** They went with a message. */
  clear: () => void;
}

/** `place` is the conversation or thread in which one writes. */
export function useAttaching(place: string): Attaching {
  const uploads = useUploads();
  const { entries } = useSnapshot(uploads);
  const [parts, setParts] = useState<readonly Part[]>(() => kept.get(place) ?? []);
  // Whoever drops twice before anything is drawn adds to both.
  const now = useRef(parts);
  const settled = useSettled(parts, entries);

  const set = useCallback(
    (next: readonly Part[]) => {
      now.current = next;
      if (next.length === 0) kept.delete(place);
      else kept.set(place, next);
      setParts(next);
    },
    [place],
  );

  const all = useMemo(() => {
    if (parts.length === 0) return [];
    const known = new Map(entries.map((entry) => [entry.id, entry]));
    return parts.flatMap((part): Attached[] => {
      if ("item" in part) return [{ key: part.item.id, ...part.item, entry: undefined, item: part.item }];
      const entry = known.get(part.upload);
      return entry ? [{ key: entry.id, name: entry.name, media_type: entry.type, size: entry.size, entry }] : [];
    });
  }, [parts, entries]);

  const room = useCallback((wanted: number) => {
    const left = MOST - now.current.length;
    if (wanted > left) toast.error(`A message takes up to ${MOST} files.`);
    return Math.max(0, left);
  }, []);

  const add = useCallback(
    (files: readonly Gathered[]) => {
      const some = files.slice(0, room(files.length)).map(({ file }) => ({ file, folders: [FOLDER] }));
      const goal = { parent: null, where: FOLDER, quiet: true, ifExists: "rename" as const };
      set([...now.current, ...uploads.add(some, goal).map((upload) => ({ upload }))]);
    },
    [uploads, room, set],
  );
  const addItems = useCallback(
    (items: readonly Item[]) => {
      const known = new Set(now.current.map((part) => ("item" in part ? part.item.id : "")));
      const fresh = items.filter(({ id }) => !known.has(id));
      set([...now.current, ...fresh.slice(0, room(fresh.length)).map((item) => ({ item }))]);
    },
    [room, set],
  );
  const remove = useCallback(
    (key: string) => {
      const part = now.current.find((one) => ("item" in one ? one.item.id : one.upload) === key);
      set(now.current.filter((one) => one !== part));
      if (part && "upload" in part) uploads.cancel(part.upload);
    },
    [uploads, set],
  );
  const clear = useCallback(() => {
    for (const part of now.current) if ("upload" in part) uploads.forget(part.upload);
    set([]);
  }, [uploads, set]);

  const ready = useMemo(
    () =>
      all.flatMap(({ name, media_type, size, entry, item }): Attachment[] => {
        const file_id = entry ? entry.item : item.id;
        if (!file_id) return [];
        const { width, height } = item ?? settled.get(file_id) ?? {};
        return [{ file_id, name, media_type, size, width, height }];
      }),
    [all, settled],
  );
  return {
    all,
    busy: all.some(
      ({ entry }) =>
        entry &&
        entry.state !== "failed" &&
        !(
          entry.state === "done" &&
          (kindOf({ name: entry.name, media_type: entry.type }) !== "image" || settled.has(entry.item ?? ""))
        ),
    ),
    failed: all.some(({ entry }) => entry?.state === "failed"),
    ready,
    add,
    addItems,
    remove,
    retry: (key) => uploads.retry(key),
    clear,
  };
}

/**
 * The pictures of which the server knows by now how large they are, or was asked long enough: a message tells that to all, so that
 * they leave as much room.
 */
function useSettled(parts: readonly Part[], entries: readonly Entry[]): ReadonlyMap<string, Partial<Item>> {
  const [settled, setSettled] = useState<ReadonlyMap<string, Partial<Item>>>(new Map());
  const asked = useRef(new Set<string>());
  useEffect(() => {
    const ids = new Set(parts.map((part) => ("upload" in part ? part.upload : "")));
    for (const { id, item, name, type } of entries) {
      if (!ids.has(id) || !item || asked.current.has(item) || kindOf({ name, media_type: type }) !== "image") continue;
      asked.current.add(item);
      void measured(item).then((known) => setSettled((before) => new Map(before).set(item, known)));
    }
  }, [parts, entries]);
  return settled;
}

async function measured(id: string): Promise<Partial<Item>> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const item = await OWN_DOOR.get(id).then(
      (view) => view.item,
      () => null,
    );
    if (item === null || item.preview !== "waiting") return item ?? {};
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
  return {};
}
