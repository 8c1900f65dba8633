// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { Door } from "../door";
import type { Entry } from "./uploads";
import { Uploads } from "./uploads";

/** What stands in for the server's side of tus. */
const server = vi.hoisted(() => ({ started: [] as Fake[] }));

interface Fake {
  options: {
    uploadUrl: string | null;
    metadata: Record<string, string>;
    onUploadUrlAvailable: () => void;
    onProgress: (sent: number) => void;
    onSuccess: (payload: { lastResponse: { getHeader: (name: string) => string } }) => void;
    onError: (error: unknown) => void;
  };
  url: string | null;
}

vi.mock("tus-js-client", () => ({
  Upload: class {
    url: string | null = null;
    constructor(
      readonly file: File,
      readonly options: Fake["options"],
    ) {}
    start() {
      server.started.push(this);
    }
    abort() {
      return Promise.resolve();
    }
  },
}));

const file = (name: string, size = 10) => new File([new Uint8Array(size)], name, { lastModified: 1 });
const gathered = (...names: string[]) => names.map((name) => ({ file: file(name), folders: [] }));
/** The machine may be busy. */
const PATIENCE = { timeout: 4_000 };
const MINE = { parent: null, where: "My files" };

beforeEach(() => {
  server.started = [];
  localStorage.clear();
});

function state(uploads: Uploads): Record<string, Entry["state"]> {
  return Object.fromEntries(uploads.snapshot().entries.map((entry) => [entry.name, entry.state]));
}

function refused(status: number, code: string) {
  const body = JSON.stringify({ code, detail: "No." });
  return { originalRequest: {}, originalResponse: { getStatus: () => status, getBody: () => body } };
}

async function started(count: number): Promise<Fake> {
  await vi.waitFor(() => expect(server.started.length).toBe(count), PATIENCE);
  return server.started[count - 1] as Fake;
}

test("a few run at once, and the next begins when one is done", async () => {
  const uploads = new Uploads(new Door());
  uploads.add(gathered("a", "b", "c", "d"), MINE);
  const third = await started(3);
  third.options.onSuccess({ lastResponse: { getHeader: () => "item" } });
  const fourth = await started(4);
  expect(fourth.options.metadata.filename).toBe("d");
  await vi.waitFor(() => expect(state(uploads)).toEqual({ a: "running", b: "running", c: "done", d: "running" }));
  uploads.stop();
});

test("what a link has no room for now goes when another upload is done", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 50 });
  const uploads = new Uploads(new Door());
  uploads.add(gathered("a", "b"), MINE);
  const second = await started(2);
  second.options.onError(refused(409, "too_much_at_once"));
  await vi.waitFor(() => expect(state(uploads)).toMatchObject({ a: "running" }));
  const again = await started(3);
  server.started[0]?.options.onSuccess({ lastResponse: { getHeader: () => "item" } });
  again.options.onError(refused(409, "too_much_at_once"));
  await vi.waitFor(() => expect(state(uploads)).toEqual({ a: "done", b: "failed" }));
  uploads.stop();
  vi.useRealTimers();
});

test("where there is something of this name the person is asked, and the answer may hold for all", async () => {
  const uploads = new Uploads(new Door());
  uploads.add(gathered("a", "b"), MINE);
  await started(2);
  for (const one of [...server.started]) one.options.onError(refused(409, "name_taken"));
  await vi.waitFor(() => expect(state(uploads)).toEqual({ a: "asking", b: "asking" }));
  const [first] = uploads.snapshot().entries;
  uploads.answer(first?.id ?? "", "rename", true);
  const again = await started(4);
  expect(again.options.metadata.if_exists).toBe("rename");
  uploads.stop();
});

test("what passes is tried again from where it was, and what does not is said", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 50 });
  const uploads = new Uploads(new Door());
  uploads.add(gathered("a"), MINE);
  const first = await started(1);
  first.url = "/uploads/1";
  first.options.onUploadUrlAvailable();
  first.options.onProgress(4);
  first.options.onError(refused(503, "unavailable"));
  const second = await started(2);
  expect(second.options.uploadUrl).toBe("/uploads/1");
  second.options.onError(refused(409, "quota_exceeded"));
  await vi.waitFor(() => expect(state(uploads)).toEqual({ a: "failed" }));
  expect(uploads.snapshot().entries[0]?.error).toMatch(/no room for 10 bytes/);
  uploads.stop();
  vi.useRealTimers();
});
