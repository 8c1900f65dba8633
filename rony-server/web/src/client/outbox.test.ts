/** Messages on their way, with a browser's database and locks as far as they matter here. */
import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import type { Message } from "@/api/types";
import type { Outbox as Kind, Pending } from "./outbox";

vi.stubGlobal("document", { baseURI: "http://localhost/", querySelector: () => null });
vi.stubGlobal("navigator", { locks: oneAtATime() });
const { momentOfWriting, Outbox } = await import("./outbox");
const { ApiError } = await import("@/api/client");

/** The browser's locks: the next one's turn comes when the one before has ended. */
function oneAtATime() {
  const last = new Map<string, Promise<unknown>>();
  return {
    request(name: string, run: () => Promise<unknown>) {
      const turn = (last.get(name) ?? Promise.resolve()).then(run);
      last.set(name, turn);
      return turn;
    },
  };
}

let opened: Kind[] = [];
let people = 0;

afterEach(() => {
  for (const outbox of opened) outbox.close();
  opened = [];
});

/** A page of somebody's, whose server does with each message what `serve` says. */
async function page(user: string, serve: (pending: Pending) => Promise<Message>) {
  let shown: readonly Pending[] = [];
  const outbox = await Outbox.open(user, serve, (pending) => {
    shown = pending;
  });
  opened.push(outbox);
  return { outbox, texts: () => shown.map(({ text }) => text), shown: () => shown };
}

function somebody(): string {
  people += 1;
  return `person ${people}`;
}

function written(user: string, text: string, moment = 0): Pending {
  const created_at = new Date(moment).toISOString();
  return { client_id: crypto.randomUUID(), user_id: user, conversation_id: "general", text, created_at };
}

const taken = { id: "message" } as Message;

test("messages are sent one after another, in the order in which they were written", async () => {
  const [user, sent] = [somebody(), [] as string[]];
  let arrive: () => void = () => {};
  const { outbox, texts } = await page(user, async ({ text }) => {
    sent.push(text);
    await new Promise<void>((resolve) => {
      arrive = resolve;
    });
    return taken;
  });
  await outbox.put(written(user, "one", 1));
  await vi.waitFor(() => expect(sent).toEqual(["one"]));
  await outbox.put(written(user, "two", 2));
  await outbox.put(written(user, "three", 3));
  expect(sent).toEqual(["one"]);
  for (const next of [
    ["one", "two"],
    ["one", "two", "three"],
  ]) {
    arrive();
    await vi.waitFor(() => expect(sent).toEqual(next));
  }
  arrive();
  await vi.waitFor(() => expect(texts()).toEqual([]));
});

test("what was written within one moment keeps its order too", async () => {
  const [user, sent] = [somebody(), [] as string[]];
  const { outbox } = await page(user, async ({ text }) => {
    sent.push(text);
    return taken;
  });
  const texts = Array.from({ length: 12 }, (_, index) => String(index));
  const moments = texts.map(() => momentOfWriting());
  expect(new Set(moments).size).toBe(texts.length);
  for (const [index, text] of texts.entries()) await outbox.put(written(user, text, Date.parse(moments[index] ?? "")));
  await vi.waitFor(() => expect(sent).toEqual(texts));
});

test("what could not be sent is sent when the connection is back, with the same id", async () => {
  const [user, ids] = [somebody(), [] as string[]];
  let away = true;
  const { outbox, texts } = await page(user, async ({ client_id }) => {
    ids.push(client_id);
    if (away) throw new ApiError("unreachable", "Rony cannot be reached.");
    return taken;
  });
  await outbox.put(written(user, "hello"));
  await vi.waitFor(() => expect(ids).toHaveLength(1));
  expect(texts()).toEqual(["hello"]);
  away = false;
  await vi.waitFor(() => {
    outbox.retry();
    expect(texts()).toEqual([]);
  });
  expect(new Set(ids).size).toBe(1);
});

test("what the server refuses waits for the person, and holds up nothing", async () => {
  const [user, sent] = [somebody(), [] as string[]];
  let refuse = true;
  const { outbox, shown } = await page(user, async ({ text }) => {
    if (text === "bad" && refuse) throw new ApiError("forbidden", "You may not write here.", {}, 403);
    sent.push(text);
    return taken;
  });
  const bad = written(user, "bad", 1);
  await outbox.put(bad);
  await outbox.put(written(user, "good", 2));
  await vi.waitFor(() => expect(sent).toEqual(["good"]));
  await vi.waitFor(() => expect(shown().map(({ failed }) => failed)).toEqual(["You may not write here."]));
  refuse = false;
  await outbox.put({ ...bad, failed: undefined });
  await vi.waitFor(() => expect(sent).toEqual(["good", "bad"]));
});

test("a tab that was closed loses nothing: the next one sends it", async () => {
  const user = somebody();
  const first = await page(user, () => Promise.reject(new ApiError("unreachable", "away")));
  await first.outbox.put(written(user, "kept"));
  first.outbox.close();
  const sent: string[] = [];
  await page(user, async ({ text }) => {
    sent.push(text);
    return taken;
  });
  await vi.waitFor(() => expect(sent).toEqual(["kept"]));
});

test("of two tabs one sends, and both show what is on its way", async () => {
  const [user, sent] = [somebody(), [] as string[]];
  let arrive: () => void = () => {};
  const serve = async ({ text }: Pending) => {
    sent.push(text);
    await new Promise<void>((resolve) => {
      arrive = resolve;
    });
    return taken;
  };
  const [first, second] = [await page(user, serve), await page(user, serve)];
  await second.outbox.put(written(user, "hello"));
  await vi.waitFor(() => expect(sent).toEqual(["hello"]));
  await vi.waitFor(() => expect(first.texts()).toEqual(["hello"]));
  arrive();
  await vi.waitFor(() => expect([first.texts(), second.texts()]).toEqual([[], []]));
  expect(sent).toEqual(["hello"]);
});

test("another person in the same browser neither sees nor sends it", async () => {
  const [ann, bob] = [somebody(), somebody()];
  const first = await page(ann, () => Promise.reject(new ApiError("unreachable", "away")));
  await first.outbox.put(written(ann, "for Ann's eyes"));
  const sent: string[] = [];
  const second = await page(bob, async ({ text }) => {
    sent.push(text);
    return taken;
  });
  await second.outbox.put(written(bob, "by Bob"));
  await vi.waitFor(() => expect(second.texts()).toEqual([]));
  expect(sent).toEqual(["by Bob"]);
});
