/** A meeting is scheduled, answered, put into a calendar, joined, moved and cancelled. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { PASSWORD, type Person } from "../world/person";
import { world } from "../world/story";

const here = world();

const MINUTE = 60_000;

/** What clocks show then: the browsers of these stories are in UTC. */
function clocks(moment: number): { day: string; time: string } {
  const text = new Date(moment).toISOString();
  return { day: text.slice(0, 10), time: text.slice(11, 16) };
}

async function asks(person: Person, name: string): Promise<void> {
  await person.dialog.getByRole("combobox", { name: "Who is asked to come" }).fill(name);
  await person.dialog.getByRole("option", { name }).click();
}

async function fills(person: Person, title: string, start: number): Promise<void> {
  const { day, time } = clocks(start);
  await person.dialog.getByLabel("Title").fill(title);
  await person.dialog.getByLabel("Day", { exact: true }).fill(day);
  await person.dialog.getByLabel("Time", { exact: true }).fill(time);
}

/** The lines of a calendar's file, as they are meant (RFC 5545, 3.1). */
async function lines(person: Person, press: () => Promise<void>): Promise<string[]> {
  const [download] = await Promise.all([person.page.waitForEvent("download"), press()]);
  const file = await readFile(await download.path(), "utf8");
  expect(download.suggestedFilename()).toMatch(/\.ics$/);
  for (const line of file.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  return file.replaceAll("\r\n ", "").split("\r\n");
}

test("who is asked to a meeting answers, puts it into their calendar, and joins when it is time", async () => {
  const [ann, bob] = [await here.comes("ann", {}, "/meetings"), await here.comes("bob")];
  await ann.sees("Nothing is scheduled.");
  await ann.button("Schedule").click();
  // Five minutes from now it is time to join already.
  const start = Math.floor(Date.now() / MINUTE) * MINUTE + 6 * MINUTE;
  await fills(ann, "Plans, and more", start);
  await asks(ann, "Bob Stone");
  await ann.dialog.getByLabel("What it is about").fill("Bring coffee");
  await ann.dialog.getByRole("button", { name: "Schedule" }).click();
  await ann.page.getByRole("link", { name: "Join Plans, and more now" }).waitFor();

  // It is told in the page that is open, and leads to the meeting.
  await bob.page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: /Activity/ }).click();
  await bob.page.getByRole("link", { name: /Ann Lee asks you to a meeting.*Plans, and more/ }).click();
  await bob.dialog.getByText("Bring coffee").waitFor();
  await bob.dialog.getByRole("button", { name: "I come", exact: true }).click();
  await bob.dialog.getByRole("button", { name: "I come", exact: true, pressed: true }).waitFor();
  const calendar = bob.dialog.getByRole("link", { name: "Add to my calendar" });
  const file = await lines(bob, () => calendar.click());
  const moment = `${new Date(start).toISOString().replace(/[-:]/g, "").slice(0, 15)}Z`;
  for (const line of [
    "BEGIN:VEVENT",
    "METHOD:REQUEST",
    "SUMMARY:Plans\\, and more",
    `DTSTART:${moment}`,
    "STATUS:CONFIRMED",
  ])
    expect(file).toContain(line);
  expect(file.find((line) => line.startsWith("ATTENDEE"))).toMatch(/CN=Bob Stone;.*PARTSTAT=ACCEPTED/);

  await ann.page.getByRole("link", { name: /^Plans, and more/ }).click();
  await ann.dialog.getByRole("listitem").filter({ hasText: "Bob Stone" }).getByText("comes", { exact: true }).waitFor();
  await ann.page.keyboard.press("Escape");

  await bob.page.keyboard.press("Escape");
  const join = bob.page.getByRole("link", { name: "Join Plans, and more now" });
  const [tab] = await Promise.all([bob.context.waitForEvent("page"), join.click()]);
  await tab.getByRole("heading", { name: "Plans, and more" }).waitFor();
});

test("a meeting moves to a time that suits all, and is cancelled", async () => {
  const ann = await here.comes("ann", {}, "/meetings");
  const bob = await here.comes("bob", {}, "/meetings");
  const asBob = await Api.signIn(here.server, "bob", PASSWORD);
  const day = Math.floor(Date.now() / (24 * 60 * MINUTE)) * 24 * 60 * MINUTE + 3 * 24 * 60 * MINUTE;
  const at = (time: string) => ({ start: `${clocks(day).day}T${time}`, zone: "UTC", minutes: 30 });
  await asBob.post("/meetings", { ...at("09:00"), client_id: crypto.randomUUID(), title: "Dentist", people: [] });
  await ann.button("Schedule").click();
  await fills(ann, "Choir", day + 9 * 60 * MINUTE);
  await asks(ann, "Bob Stone");
  await ann.button("Find a time that suits all").click();
  const times = ann.dialog.getByRole("region", { name: "Times that suit all" });
  await times.getByRole("switch", { name: "Only at work" }).click();
  await times.getByRole("button", { name: /, 08:30$/ }).first().waitFor();
  const names = await times.getByRole("button", { name: /, \d\d:\d\d$/ }).evaluateAll((all) => all.map((it) => it.getAttribute("aria-label")));
  const first = names.slice(0, names.findIndex((name) => name?.endsWith("10:00")));
  expect(first.some((name) => name?.endsWith("09:00")), "Bob has another meeting then").toBe(false);
  expect(await ann.dialog.getByText("Dentist").count(), "nobody's business").toBe(0);
  await times.getByRole("button", { name: /, 09:30$/ }).first().click();
  expect(await ann.dialog.getByLabel("Time", { exact: true }).inputValue()).toBe("09:30");
  await ann.dialog.getByRole("button", { name: "Schedule" }).click();

  await bob.page.getByRole("link", { name: /^Choir/ }).waitFor();
  await ann.page.getByRole("link", { name: /^Choir/ }).click();
  await ann.dialog.getByRole("button", { name: "Change" }).click();
  await ann.dialog.getByLabel("Time", { exact: true }).fill("11:00");
  await ann.dialog.getByRole("button", { name: "Save" }).click();
  await bob.page.getByRole("listitem").filter({ hasText: "Choir" }).getByText("11:00–11:30").waitFor();

  await ann.dialog.getByRole("button", { name: "Cancel the meeting" }).click();
  await ann.page.getByRole("dialog", { name: "Cancel Choir?" }).getByRole("button", { name: "Cancel the meeting" }).click();
  await bob.page.getByRole("listitem").filter({ hasText: "Choir" }).getByText("cancelled").waitFor();
  await bob.page.getByRole("link", { name: /^Choir/ }).click();
  const calendar = bob.dialog.getByRole("link", { name: "Take it out of my calendar" });
  const file = await lines(bob, () => calendar.click());
  expect(file).toContain("METHOD:CANCEL");
  expect(file).toContain("STATUS:CANCELLED");
});
