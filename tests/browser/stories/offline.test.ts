/** The network goes and comes back. Nothing is lost, and nothing comes twice. */
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { PASSWORD, type Person } from "../world/person";
import { GENERAL } from "../world/server";
import { world } from "../world/story";

const here = world();
const IN_GENERAL = `/c/${GENERAL}`;

test("what is written without a network goes out by itself, once and in order", async () => {
  const [ann, bob] = [await here.comes("ann", {}, IN_GENERAL), await here.comes("bob", {}, IN_GENERAL)];
  await ann.write("before");
  await bob.message("before").waitFor();
  await ann.cutOff();
  for (const text of ["first without", "second without", "third without"]) {
    await ann.write(text);
    await ann.message(text).waitFor();
  }
  await bob.write("meanwhile");
  await ann.isBack();
  for (const person of [ann, bob]) {
    for (const text of ["first without", "second without", "third without", "meanwhile"]) {
      await person.message(text).waitFor({ timeout: 40_000 });
    }
    await expect.poll(() => person.log.getByText("without").allTextContents()).toEqual([
      "first without",
      "second without",
      "third without",
    ]);
  }
});

test("a server that is started again is found again, and what was written meanwhile arrives", async () => {
  const [ann, bob] = [await here.comes("ann", {}, IN_GENERAL), await here.comes("bob", {}, IN_GENERAL)];
  await here.server.end("SIGKILL");
  await ann.page.getByRole("status").filter({ hasText: /connect|reach/i }).first().waitFor();
  await ann.write("is anybody there?");
  await here.server.begin();
  await bob.message("is anybody there?").waitFor({ timeout: 60_000 });
  await expect.poll(() => bob.log.getByText("is anybody there?").count()).toBe(1);
});

test("what was not sent is sent by the page that is opened next", async () => {
  const ann = await here.comes("ann", {}, IN_GENERAL);
  await ann.composer.waitFor();
  await ann.context.route("**/api/v1/conversations/*/messages", (route) =>
    route.request().method() === "POST" ? route.abort() : route.continue(),
  );
  // It is tried only when it is kept.
  const tried = ann.page.waitForRequest((request) => request.method() === "POST" && /messages$/.test(request.url()));
  await ann.write("kept over a reload");
  await tried;
  await ann.context.unroute("**/api/v1/conversations/*/messages");
  const next = await ann.secondTab();
  await ann.page.close();
  await next.open(`/#${IN_GENERAL}`);
  const bob = await here.comes("bob", {}, IN_GENERAL);
  await bob.message("kept over a reload").waitFor({ timeout: 40_000 });
});

/** Until the browser has the page and what was read last. */
async function isKept(person: Person, text: string): Promise<void> {
  await expect.poll(() => person.page.evaluate(async () => (await caches.keys()).join())).toMatch(/rony-files-\w+(,|$)/);
  await has(person, "visited", text);
}

/** Until the browser has kept something. */
async function has(person: Person, store: "visited" | "drafts", text: string): Promise<void> {
  const read = () =>
    person.page.evaluate(
      (store) =>
        new Promise<string>((resolve) => {
          const asked = indexedDB.open("rony-known");
          asked.onsuccess = () => {
            const all = asked.result.transaction(store).objectStore(store).getAll();
            all.onsuccess = () => {
              resolve(JSON.stringify(all.result));
              asked.result.close();
            };
            all.onerror = () => resolve("");
          };
        }),
      store,
    );
  await expect.poll(read, { timeout: 15_000 }).toContain(text);
}

test("a page that is opened without the server shows what was read last, and what is written goes out once", async () => {
  const [ann, bob] = [await here.comes("ann", {}, IN_GENERAL), await here.comes("bob", {}, IN_GENERAL)];
  await bob.write("read me on the train");
  await ann.message("read me on the train").waitFor();
  await isKept(ann, "read me on the train");
  await ann.cutOff();
  await here.server.end();
  await ann.page.reload();
  await ann.message("read me on the train").waitFor();
  await ann.page.getByRole("status").filter({ hasText: "What you write is sent later" }).first().waitFor();
  await ann.write("written on the train");
  await ann.message("written on the train").waitFor();
  await ann.page.reload();
  await ann.message("written on the train").waitFor();
  await here.server.begin();
  await ann.isBack();
  await bob.message("written on the train").waitFor({ timeout: 60_000 });
  await ann.page.getByRole("status").filter({ hasText: "cannot be reached" }).waitFor({ state: "detached", timeout: 40_000 });
  for (const person of [ann, bob]) await expect.poll(() => person.log.getByText("written on the train").count()).toBe(1);
});

test("what was begun without a network is on all devices later, with what was begun on another one meanwhile", async () => {
  const [desk, phone] = [await here.comes("cleo", {}, IN_GENERAL), await here.comes("cleo", { phone: true }, IN_GENERAL)];
  await phone.composer.waitFor();
  await desk.composer.waitFor();
  await desk.cutOff();
  await desk.composer.fill("begun in the tunnel");
  await desk.composer.blur();
  await has(desk, "drafts", "begun in the tunnel");
  await phone.composer.fill("begun on the phone");
  const cleo = await Api.signIn(here.server, "cleo", PASSWORD);
  await expect.poll(async () => (await cleo.get(`/conversations/${GENERAL}/draft`)).text).toBe("begun on the phone");
  await desk.page.close();
  const next = await desk.secondTab();
  await next.isBack();
  await next.open(`/#${IN_GENERAL}`);
  for (const device of [next, phone]) {
    await expect.poll(() => device.composer.inputValue(), { timeout: 40_000 }).toBe("begun on the phone\n\nbegun in the tunnel");
  }
});

test("who signs out leaves nothing behind in the browser", async () => {
  const ann = await here.comes("ann", {}, IN_GENERAL);
  await ann.write("nobody else's business");
  await isKept(ann, "nobody else's business");
  await ann.page.getByRole("button", { name: /account and status/ }).click();
  await ann.page.getByRole("menuitem", { name: "Sign out" }).click();
  await ann.button("Sign in").waitFor();
  await ann.cutOff();
  await ann.page.reload();
  await ann.sees("No connection");
  expect(await ann.page.getByText("nobody else's business").count()).toBe(0);
});
