/** Uploads that something comes between. */
import { createHash, randomBytes } from "node:crypto";
import type { CDPSession } from "playwright-core";
import { Upload } from "tus-js-client";
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { drops, item, noise, text } from "../world/files";
import { PASSWORD, type Person } from "../world/person";
import { world } from "../world/story";

const here = world();
const MB = 1024 * 1024;

/** So slow that something can come between, in bytes per second; 0: as fast as it goes. */
async function slows(person: Person, bytes: number): Promise<void> {
  const session = sessions.get(person) ?? (await person.context.newCDPSession(person.page));
  sessions.set(person, session);
  await session.send("Network.enable");
  const limits = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytes || -1 };
  await session.send("Network.emulateNetworkConditions", limits);
}

const sessions = new WeakMap<Person, CDPSession>();

const panel = (person: Person) => person.page.getByRole("region", { name: "Uploads" });

async function sum(api: Api, name: string): Promise<string> {
  const { items } = await api.get("/files");
  return items.find((one: { name: string }) => one.name === name)?.sha256;
}

test("an upload goes on by itself after the connection was lost", async () => {
  const ann = await here.comes("ann", {}, "/files");
  const file = noise("long.bin", 2 * MB);
  // The place for it is made, and then nothing gets through any more.
  await ann.page.route("**/api/v1/uploads/*", (route) => route.abort("connectionreset"));
  await ann.field("Files to upload").setInputFiles([file]);
  await panel(ann).getByText("Goes on when the connection is back").waitFor();
  await ann.page.unroute("**/api/v1/uploads/*");
  await item(ann, "long.bin").waitFor();
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  expect(await sum(api, "long.bin")).toBe(createHash("sha256").update(file.buffer).digest("hex"));
});

test("an upload goes on after the server was away", async () => {
  const ann = await here.comes("ann", {}, "/files");
  const file = noise("patient.bin", 6 * MB);
  await slows(ann, 2 * MB);
  await ann.field("Files to upload").setInputFiles([file]);
  await panel(ann).getByText(/^[1-3](\.\d)? MB of 6 MB/).first().waitFor();
  await here.server.end("SIGKILL");
  await panel(ann).getByText("Goes on when the connection is back").waitFor();
  await here.server.begin();
  await slows(ann, 0);
  await item(ann, "patient.bin").waitFor();
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  expect(await sum(api, "patient.bin")).toBe(createHash("sha256").update(file.buffer).digest("hex"));
});

test("after a reload the page asks for the same file, and goes on from where it was", async () => {
  const bob = await here.comes("bob", {}, "/files");
  const file = noise("again.bin", 8 * MB);
  await slows(bob, 2 * MB);
  await bob.field("Files to upload").setInputFiles([file]);
  await panel(bob).getByText(/^[2-6](\.\d)? MB of 8 MB/).first().waitFor();
  // The page asks first whether to leave.
  bob.page.on("dialog", (dialog) => void dialog.accept());
  await bob.page.reload();
  await bob.seesList();
  await panel(bob).getByText(/are there. Choose the same file to go on./).waitFor();
  await bob.field("The same file for again.bin").setInputFiles([noise("again.bin", 3 * MB)]);
  await bob.sees(/That is another file/);
  const patches: number[] = [];
  bob.page.on("request", (request) => {
    if (request.method() === "PATCH") patches.push(Number(request.headers()["upload-offset"]));
  });
  await slows(bob, 0);
  await bob.field("The same file for again.bin").setInputFiles([file]);
  await item(bob, "again.bin").waitFor();
  expect(patches[0]).toBeGreaterThan(0);
  const api = await Api.signIn(here.server, "bob", PASSWORD);
  expect(await sum(api, "again.bin")).toBe(createHash("sha256").update(file.buffer).digest("hex"));
});

test("an upload can be cancelled, and files that are dropped come into the folder", async () => {
  const cleo = await here.comes("cleo", {}, "/files");
  await slows(cleo, MB / 2);
  await cleo.field("Files to upload").setInputFiles([noise("never.bin", 8 * MB)]);
  await panel(cleo).getByText(/of 8 MB · to My files/).first().waitFor();
  await panel(cleo).getByRole("button", { name: "Cancel never.bin" }).click();
  await panel(cleo).waitFor({ state: "detached" });
  await slows(cleo, 0);
  await drops(cleo.page, cleo.page.getByRole("region", { name: "My files" }), text("one.txt", "1"), text("two.txt", "2"));
  await item(cleo, "one.txt").waitFor();
  await item(cleo, "two.txt").waitFor();
  expect(await item(cleo, "never.bin").count()).toBe(0);
});

/** As any program would: `tus-js-client`, in Node. */
function upload(api: Api, bytes: Buffer, options: Partial<Upload["options"]>): Promise<string> {
  return new Promise((resolve, reject) => {
    const one: Upload = new Upload(bytes, {
      endpoint: `${here.server.url}/api/v1/uploads`,
      headers: api.headers,
      retryDelays: [200, 400, 800, 1_600, 3_200],
      onError: reject,
      onSuccess: ({ lastResponse }) => resolve(lastResponse.getHeader("Rony-File") ?? ""),
      ...options,
    });
    one.start();
  });
}

test("a program uploads by tus, in parts and with the first bytes in the first request", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const bytes = randomBytes(5 * MB + 123);
  const id = await upload(api, bytes, {
    chunkSize: MB,
    uploadDataDuringCreation: true,
    metadata: { filename: "by a program.bin", if_exists: "rename" },
  });
  const { item } = await api.get(`/files/${id}`);
  expect(item).toMatchObject({ name: "by a program.bin", size: bytes.length });
  expect(item.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("a program goes on after the server was started anew", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const bytes = randomBytes(6 * MB);
  let restarted: Promise<void> | undefined;
  const id = await upload(api, bytes, {
    chunkSize: MB,
    metadata: { filename: "through a restart.bin" },
    onChunkComplete: (_, accepted) => {
      if (accepted >= 3 * MB) restarted ??= here.server.end("SIGKILL").then(() => here.server.begin());
    },
  });
  await restarted;
  const { item } = await api.get(`/files/${id}`);
  expect(item.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("a program takes an upload back", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const place = await new Promise<string>((resolve, reject) => {
    const one: Upload = new Upload(randomBytes(3 * MB), {
      endpoint: `${here.server.url}/api/v1/uploads`,
      headers: api.headers,
      chunkSize: MB,
      metadata: { filename: "taken back.bin" },
      onError: reject,
      onChunkComplete: () => void one.abort(true).then(() => resolve(one.url ?? ""), reject),
    });
    one.start();
  });
  const answer = await fetch(place, { method: "HEAD", headers: { ...api.headers, "Tus-Resumable": "1.0.0" } });
  expect([404, 410]).toContain(answer.status);
});
