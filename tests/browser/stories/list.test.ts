/** A list of many conversations, of which only those in view are in the page. */
import type { Locator } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { Api } from "../world/api";
import { PASSWORD, type Person } from "../world/person";
import { world } from "../world/story";

const here = world();
const MANY = 60;
const name = (number: number) => `Group ${String(number).padStart(2, "0")}`;

beforeAll(async () => {
  const bob = await Api.signIn(here.server, "bob", PASSWORD);
  for (let number = 1; number <= MANY; number += 1) {
    await bob.post("/conversations", { client_id: crypto.randomUUID(), kind: "group", title: name(number) });
  }
});

const link = (person: Person, title: string): Locator => person.row(title).getByRole("link");

async function hasFocus(row: Locator): Promise<void> {
  await expect.poll(() => row.evaluate((element) => element === document.activeElement)).toBe(true);
}

test("the keys go through all of a long list, and each row says where in it it is", async () => {
  const bob = await here.comes("bob");
  await link(bob, name(MANY)).focus();
  expect(await bob.page.locator("a[data-row]").count()).toBeLessThan(MANY / 2);
  await bob.page.keyboard.press("End");
  const end = bob.row("General");
  await hasFocus(end.getByRole("link"));
  expect(await end.getAttribute("aria-posinset")).toBe(String(MANY + 1));
  expect(await end.getAttribute("aria-setsize")).toBe(String(MANY + 1));
  await bob.page.keyboard.press("ArrowUp");
  await hasFocus(link(bob, name(1)));
  await bob.page.keyboard.press("Home");
  await hasFocus(link(bob, name(MANY)));
  await bob.page.keyboard.press("ArrowDown");
  await bob.page.keyboard.press("Enter");
  await bob.page.getByRole("textbox", { name: `Message ${name(MANY - 1)}` }).waitFor();
});

test("one that is far down is found by its name, and is there after scrolling", async () => {
  const bob = await here.comes("bob");
  await bob.field("Find a conversation").fill("group 07");
  await bob.field("Find a conversation").press("Enter");
  await bob.page.getByRole("textbox", { name: `Message ${name(7)}` }).waitFor();
  await bob.page.getByRole("navigation", { name: "Your conversations" }).hover();
  await bob.page.mouse.wheel(0, 100_000);
  await link(bob, "General").click();
  await bob.page.getByRole("textbox", { name: "Message General" }).waitFor();
});
