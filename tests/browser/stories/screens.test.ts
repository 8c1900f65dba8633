/** Every screen, in light, dark and on a phone: axe finds nothing. SCREENSHOTS=1 keeps the main ones for the README, SCREENSHOTS=FOLDER all. */
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { Api } from "../world/api";
import { item, pdf, png, text } from "../world/files";
import { faults, keepPicture } from "../world/looks";
import { type Look, PASSWORD, type Person } from "../world/person";
import { GENERAL } from "../world/server";
import { world } from "../world/story";

const PICTURE = join(import.meta.dirname, "../../../rony-server/web/public/icon-192.png");

const here = world();
let party = "";
let thread = "";
let direct = "";
let cleo = "";
let folder = "";

beforeAll(async () => {
  const [ann, bob, third] = await Promise.all(["ann", "bob", "cleo"].map((name) => Api.signIn(here.server, name, PASSWORD)));
  if (!ann || !bob || !third) throw new Error("everybody is there");
  cleo = third.id;
  folder = (await ann.post("/folders", { name: "Party", color: "green", icon: "🌿" })).id;
  await ann.upload(text("menu.txt", "Lemonade and cake"), folder);
  await ann.upload(png("lake.png", 640, 400, [90, 150, 210]));
  await ann.upload(pdf("invitation.pdf", ["You are invited"]));
  await ann.delete(`/files/${await ann.upload(text("old.txt", "From last year"))}`);
  const made = await bob.post("/conversations", {
    client_id: crypto.randomUUID(),
    kind: "group",
    title: "Garden party",
    topic: "The 12th of June, from four",
    icon: "🌿",
    member_ids: [ann.id, third.id],
  });
  party = made.id ?? made.conversation.id;
  direct = (await bob.post("/conversations", { client_id: crypto.randomUUID(), kind: "direct", member_ids: [ann.id] })).id;
  await ann.say(GENERAL, "**Welcome!** Here we say what concerns all of us.");
  await bob.say(GENERAL, "Good to be here.");
  await bob.say(party, "The plan so far:\n\n1. Tables and chairs on the lawn\n2. Cake at half past four\n3. Music, not too loud");
  const asked = await third.say(party, "Who brings the lemonade?");
  thread = asked.id;
  await ann.say(party, "I do. How many are we?", { thread_id: thread });
  await bob.say(party, "About twenty.", { thread_id: thread });
  await third.say(party, "The list is at https://garden.example/list, or `list.txt` on the server");
  await ann.say(party, "Thank you, @cleo!", { reply_to: asked.id });
  await third.say(party, "@ann, do you still have the long table?");
  await ann.post("/rooms", { client_id: crypto.randomUUID(), title: "Planning", password: PASSWORD });
  await ann.post("/meetings", {
    client_id: crypto.randomUUID(),
    title: "Who brings what",
    description: "Bring your list.",
    start: `${new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)}T10:00`,
    zone: "Europe/Prague",
    minutes: 30,
    people: [bob.id, third.id],
  });
});

const SCREENS: readonly (readonly [string, string | (() => string), string])[] = [
  ["start", "/", ""],
  ["conversation", () => `/c/${party}`, "long table"],
  ["thread", () => `/c/${party}/t/${thread}`, "About twenty."],
  ["direct", () => `/c/${direct}`, "Only the two of you"],
  ["message", () => `/c/${party}/m/3`, "lemonade"],
  ["nowhere", `/c/${GENERAL.replace(/2$/, "9")}`, "This conversation is not here"],
  ["people", "/people", ""],
  ["person", () => `/people/${cleo}`, "Cleo Park"],
  ["browse", "/browse", ""],
  ["activity", "/activity", ""],
  ["meetings", "/meetings", "Who brings what"],
  ["calls", "/calls", "No calls yet"],
  ["search-begun", "/search", ""],
  ["search", "/search/lemonade", "lemonade"],
  ["search-in-vain", "/search/zeppelin", ""],
  ["files", "/files", "lake.png"],
  ["files-folder", () => `/files/folder/${folder}`, "menu.txt"],
  ["files-recent", "/files/recent", "lake.png"],
  ["files-starred", "/files/starred", "No stars yet"],
  ["files-shared", "/files/shared", "Nothing is shared with you yet"],
  ["files-trash", "/files/trash", "old.txt"],
  ["files-search", "/files/search/lake", "lake.png"],
  ["settings", "/settings", ""],
  ["settings-profile", "/settings/profile", "Profile"],
  ["settings-password", "/settings/password", "Password"],
  ["settings-devices", "/settings/devices", "Devices"],
  ["settings-notifications", "/settings/notifications", "Notifications"],
  ["settings-appearance", "/settings/appearance", "Appearance"],
  ["settings-tokens", "/settings/tokens", "Access tokens"],
  ["administration", "/admin", ""],
  ["administration-people", "/admin/people", "Bob Stone"],
  ["administration-invitations", "/admin/invitations", "Invitations"],
  ["administration-registration", "/admin/registration", "Registration"],
  ["administration-audit", "/admin/audit", "Audit log"],
  ["administration-server", "/admin/server", "Version"],
];

/** Those that the README shows. */
const KEPT = new Set(["conversation", "thread", "people", "files", "start", "sign-in"]);

const picture = (person: Person, name: string, look: string) => keepPicture(person, name, look, KEPT.has(name));

const menu = (page: Page) => page.getByRole("menu");
const dialog = (page: Page) => page.getByRole("dialog").or(page.getByRole("alertdialog"));

const times = (page: Page) => page.getByRole("region", { name: "Times that suit all" });

const pane = (page: Page) => page.getByRole("complementary");

/** What opens over a screen: its name, how it is opened, what is seen then, and the screen where it is not the conversation or list. */
const OPENED: readonly (readonly [string, (person: Person) => Promise<void>, (page: Page) => Locator, string?])[] = [
  ["list: new", (person) => person.button("New conversation").click(), menu],
  ["list: account", (person) => person.page.getByRole("button", { name: /account and status/ }).click(), menu],
  ["list: what a row offers", (person) => person.row("General").getByRole("button").focus().then(() => person.page.keyboard.press("Enter")), menu],
  ["list: start a group", (person) => chooses(person, "New conversation", "Start a group"), dialog],
  ["list: write to somebody", (person) => chooses(person, "New conversation", "Write to somebody"), dialog],
  ["list: invite people", (person) => chooses(person, "New conversation", "Invite people"), dialog],
  ["list: status", (person) => chooses(person, /account and status/, /Say what you are up to/), dialog],
  ["list: shortcuts", (person) => chooses(person, /account and status/, "Keyboard shortcuts"), dialog],
  ["palette", (person) => person.page.keyboard.press("Control+k"), dialog],
  ["how one keeps a conversation", (person) => person.page.locator("main header").getByRole("button", { name: /More|Options|How/ }).first().click(), menu],
  ["what a message offers", (person) => offers(person), menu],
  ["deleting", (person) => person.does("Delete…", "Thank you"), dialog],
  ["a person", (person) => person.page.getByRole("log").getByRole("button", { name: "Cleo Park" }).first().click(), dialog],
  ["emoji", (person) => person.button("Emoji").click(), (page) => page.getByRole("gridcell")],
  ["pins", (person) => person.page.getByRole("button", { name: /^Pinned messages/ }).click(), pane],
  ["details", (person) => person.page.locator("main header h1").getByRole("button").click(), pane],
  ["a picture", (person) => person.field("Picture file").setInputFiles(PICTURE), dialog, "/settings/profile"],
  ["a token", (person) => person.button("Make a token").first().click(), dialog, "/settings/tokens"],
  ["how to call", (person) => person.button("Call the group").click(), menu],
  ["meetings: new", (person) => person.button("New meeting").click(), dialog, "/meetings"],
  ["meetings: to schedule", (person) => person.button("Schedule").click(), dialog, "/meetings"],
  ["meetings: a time that suits all", (person) => findsTime(person), times, "/meetings"],
  ["meetings: one that is scheduled", (person) => person.page.getByRole("link", { name: /Who brings what/ }).first().click(), dialog, "/meetings"],
  ["meetings: a room", (person) => chooses(person, "More about Planning", "Change"), dialog, "/meetings"],
  ["files: new folder", (person) => chooses(person, "New", "New folder"), dialog, "/files"],
  ["files: what a row offers", (person) => item(person, "lake.png").getByRole("button").click(), menu, "/files"],
  ["files: sharing", (person) => offersFile(person, "Party", "Share…"), dialog, "/files"],
  ["files: moving", (person) => offersFile(person, "lake.png", "Move to…"), dialog, "/files"],
  ["files: versions", (person) => offersFile(person, "lake.png", "Versions…"), dialog, "/files"],
  ["files: a picture", (person) => offersFile(person, "lake.png", "Open"), dialog, "/files"],
  ["files: a PDF", (person) => offersFile(person, "invitation.pdf", "Open"), dialog, "/files"],
  ["files: tiles", (person) => person.button("Show as tiles").click(), (page) => page.getByRole("gridcell"), "/files"],
  ["other devices", (person) => person.button("Sign out all others").click(), dialog, "/settings/devices"],
  ["somebody new", (person) => person.page.getByRole("main").getByRole("button", { name: "Add", exact: true }).click(), dialog, "/admin/people"],
  ["what to do with somebody", (person) => person.button("What to do with Bob Stone").click(), menu, "/admin/people"],
  ["a reset link", (person) => chooses(person, "What to do with Bob Stone", "Make a reset link"), dialog, "/admin/people"],
  ["an account's end", (person) => chooses(person, "What to do with Bob Stone", "Switch the account off"), dialog, "/admin/people"],
  ["an invite link", (person) => person.button("Make an invite link").first().click(), dialog, "/admin/invitations"],
];

/** A phone has no keys for these, and says other things at other places. */
const NOT_ON_PHONES = new Set(["palette", "list: shortcuts", "what a message offers", "deleting", "list: what a row offers"]);

async function chooses(person: Person, button: string | RegExp, item: string | RegExp): Promise<void> {
  await person.page.getByRole("button", { name: button }).click();
  await person.page.getByRole("menuitem", { name: item }).click();
}

async function findsTime(person: Person): Promise<void> {
  await person.button("Schedule").click();
  await person.button("Find a time that suits all").click();
}

async function offersFile(person: Person, name: string, what: string): Promise<void> {
  await item(person, name).getByRole("button", { name: `More for ${name}` }).click();
  await person.page.getByRole("menuitem", { name: what }).click();
}

async function offers(person: Person): Promise<void> {
  await person.message("Thank you").hover();
  await person.message("Thank you").getByRole("button", { name: "More", exact: true }).click();
}

const LOOKS: readonly (readonly [string, Look])[] = [
  ["light", {}],
  ["dark", { dark: true }],
  ["phone", { phone: true }],
];

describe.each(LOOKS)("%s", (name, look) => {
  test("axe finds nothing wrong on any screen", async () => {
    const ann = await here.comes("ann", look);
    const found: string[] = [];
    for (const [screen, place, text] of SCREENS) {
      await ann.page.evaluate((hash) => location.assign(`#${hash}`), typeof place === "string" ? place : place());
      await ann.page.getByRole("main").first().waitFor();
      if (text) await ann.sees(text);
      await ann.page.waitForLoadState("networkidle");
      await expect.poll(() => ann.page.locator(".animate-spin").count()).toBe(0);
      found.push(...(await faults(ann)).map((fault) => `${screen}: ${fault}`));
      await picture(ann, screen, name);
    }
    expect(found).toEqual([]);
  });

  test("nor in anything that opens over them", { timeout: 240_000 }, async () => {
    const ann = await here.comes("ann", look, `/c/${party}`);
    await ann.sees("long table");
    const found: string[] = [];
    for (const [what, open, seen, place] of OPENED) {
      if (name === "phone" && NOT_ON_PHONES.has(what)) continue;
      const screen = place ?? (what.startsWith("list: ") && name === "phone" ? "/" : `/c/${party}`);
      await ann.page.evaluate((hash) => location.assign(`#${hash}`), screen);
      await open(ann);
      await seen(ann.page).first().waitFor();
      await expect.poll(() => ann.page.locator(".animate-spin").count()).toBe(0);
      found.push(...(await faults(ann)).map((fault) => `${what}: ${fault}`));
      await picture(ann, `over-${what}`, name);
      if (seen === pane) await pane(ann.page).getByRole("button", { name: /^Close/ }).click();
      else await ann.page.keyboard.press("Escape");
      await ann.page.getByRole("menu").or(ann.page.getByRole("dialog")).or(ann.page.getByRole("alertdialog")).first().waitFor({ state: "detached" });
    }
    expect(found).toEqual([]);
  });

  test("nor on the pages before somebody is in", async () => {
    const newcomer = await here.arrives(look);
    const ann = await Api.signIn(here.server, "ann", PASSWORD);
    const { link } = await ann.post("/invites", {});
    const join = link.slice(link.indexOf("/join"));
    const found: string[] = [];
    for (const [page, field] of [["/", "Username"], ["/setup#x", "Username"], ["/reset#x", "New password"], [join, "Username"]] as const) {
      await newcomer.open("about:blank");
      await newcomer.open(page);
      await newcomer.page.getByRole("textbox").first().or(newcomer.page.getByLabel(field)).first().waitFor();
      found.push(...(await faults(newcomer)).map((fault) => `${page}: ${fault}`));
      await picture(newcomer, page === "/" ? "sign-in" : (page.match(/\w+/)?.[0] ?? ""), name);
    }
    await newcomer.open("about:blank");
    await newcomer.open("/join#rony_invite_nothing");
    await newcomer.sees("This link does not work");
    found.push(...(await faults(newcomer)).map((fault) => `a dead link: ${fault}`));
    // What a stranger sees who opens a link.
    for (const [kind, wish, words] of [
      ["folder", { level: "editor" }, "menu.txt"],
      ["letter-box", { level: "drop" }, "Give files to"],
      ["guarded", { level: "viewer", password: "lemonade" }, "This link has a password"],
    ] as const) {
      const { url } = await ann.post(`/files/${folder}/shares`, { name: "", ...wish });
      await newcomer.open(new URL(url).pathname);
      await newcomer.sees(words);
      found.push(...(await faults(newcomer)).map((fault) => `a link, ${kind}: ${fault}`));
      await picture(newcomer, `link-${kind}`, name);
    }
    expect(found).toEqual([]);
  });
});
