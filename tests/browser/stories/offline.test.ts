/** The network goes and comes back. Nothing is lost, and nothing comes twice. */
import { expect, test } from "vitest";
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
