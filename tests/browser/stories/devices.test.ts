/** One person at several devices, and what the others see of it. */
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { PASSWORD, type Person } from "../world/person";
import { GENERAL } from "../world/server";
import { world } from "../world/story";

const here = world();
const IN_GENERAL = `/c/${GENERAL}`;

/** Chooses something from the menu of one's own account. */
async function chooses(person: Person, ...items: readonly (string | RegExp)[]): Promise<void> {
  await person.page.getByRole("button", { name: /account and status/ }).click();
  for (const name of items.slice(0, -1)) {
    await person.page.getByRole("menuitem", { name }).focus();
    await person.page.keyboard.press("ArrowRight");
  }
  const last = items.at(-1) ?? "";
  await person.page.getByRole("menuitem", { name: last }).or(person.page.getByRole("menuitemcheckbox", { name: last })).or(person.page.getByRole("menuitemradio", { name: last })).first().click();
  await person.page.keyboard.press("Escape");
}

/** The browser may notify, and what it shows is noted. */
async function mayNotify(person: Person): Promise<() => Promise<string[]>> {
  await person.context.grantPermissions(["notifications"]);
  await person.page.addInitScript(() => {
    const noted: string[] = [];
    class Noted {
      static permission = "granted";
      onclose: (() => void) | null = null;
      constructor(title: string, { body = "" } = {}) {
        noted.push(`${title}: ${body}`);
      }
      close() {
        noted.push("closed");
      }
    }
    Object.assign(window, { Notification: Noted, noted });
  });
  await person.page.reload();
  await person.seesList();
  await expect.poll(() => person.page.evaluate(async () => (await navigator.locks.query()).held?.some(({ name }) => name === "rony-tells"))).toBe(true);
  return () => person.page.evaluate(() => (window as unknown as { noted: string[] }).noted);
}

test("what is begun at one device goes on at the other", async () => {
  const [desk, phone] = [await here.comes("bob", {}, IN_GENERAL), await here.comes("bob", { phone: true })];
  await desk.composer.fill("begun at the desk");
  await phone.row("General").getByText("begun at the desk").waitFor();
  await phone.row("General").getByRole("link").click();
  await expect.poll(() => phone.composer.inputValue()).toBe("begun at the desk");
  await phone.write("ended on the phone");
  await desk.message("ended on the phone").waitFor();
  await desk.page.getByRole("link", { name: "People" }).first().click();
  await desk.row("General").getByText("Draft").waitFor({ state: "detached" });
});

test("a mention is told, counted in the title, and over once it is read at another device", async () => {
  const desk = await here.comes("bob", {}, "/people");
  const told = await mayNotify(desk);
  const ann = await Api.signIn(here.server, "ann", PASSWORD);
  await ann.say(GENERAL, "@bob, the cake is here");
  await expect.poll(async () => (await told()).join()).toContain("the cake is here");
  await expect.poll(() => desk.page.title()).toMatch(/^\(1\) /);
  const phone = await here.comes("bob", { phone: true }, IN_GENERAL);
  await phone.message("the cake is here").waitFor();
  await expect.poll(() => desk.page.title()).not.toMatch(/^\(/);
  await expect.poll(told).toContain("closed");
});

test("a notification calls people by their names, also where those come late", async () => {
  const desk = await here.comes("bob", {}, "/people");
  let answer: () => void = () => {};
  const late = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await desk.context.route("**/api/v1/users/*", async (route) => {
    await late;
    await route.continue();
  });
  const told = await mayNotify(desk);
  const ann = await Api.signIn(here.server, "ann", PASSWORD);
  await ann.say(GENERAL, "@bob, do you know me?");
  await expect.poll(() => desk.page.title()).toMatch(/^\(1\) /);
  answer();
  await expect.poll(told).toEqual(["Ann Lee in General: @Bob Stone, do you know me?"]);
  await desk.row("General").getByRole("link").click();
  await expect.poll(() => desk.page.title()).not.toMatch(/^\(/);
});

test("who does not want to be disturbed is not, on no device, and still sees what came", async () => {
  const desk = await here.comes("bob", {}, "/people");
  const told = await mayNotify(desk);
  const phone = await here.comes("bob", { phone: true });
  await chooses(phone, "Do not disturb", "For 30 minutes");
  await desk.page.getByRole("button", { name: /Do not disturb is on/ }).waitFor();
  const ann = await Api.signIn(here.server, "ann", PASSWORD);
  await ann.say(GENERAL, "@bob, are you asleep?");
  await expect.poll(() => desk.page.title()).toMatch(/^\(1\) /);
  expect(await told()).toEqual([]);
  await chooses(desk, /Not disturbed/, "Off: tell me again");
  await phone.page.getByRole("button", { name: /Do not disturb is on/ }).waitFor({ state: "detached" });
  await ann.say(GENERAL, "@bob, good morning");
  await expect.poll(told).toContain("Ann Lee in General: @Bob Stone, good morning");
});

test("who appears offline is shown so to others, and sees them all the same", async () => {
  const [ann, bob] = await Promise.all(["ann", "bob"].map((name) => Api.signIn(here.server, name, PASSWORD)));
  const made = await ann?.post("/conversations", { client_id: crypto.randomUUID(), kind: "direct", member_ids: [bob?.id] });
  const place = `/c/${made.id}`;
  const [one, other] = [await here.comes("ann", {}, place), await here.comes("bob", {}, place)];
  await one.page.locator("main header").getByText("Online", { exact: true }).waitFor();
  await chooses(other, "Appear offline");
  await one.page.locator("main header").getByText(/Offline|Last seen/).waitFor();
  await other.page.locator("main header").getByText("Online", { exact: true }).waitFor();
  await chooses(other, "Online");
  await one.page.locator("main header").getByText("Online", { exact: true }).waitFor();
});
