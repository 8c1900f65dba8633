/** People call each other: one tab of many answers, both hear each other, and a call that nobody answered stands in the conversation. */
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { Api } from "../world/api";
import { isWatched, MEETING, meets, openDevices } from "../world/meeting";
import { PASSWORD, type Person } from "../world/person";
import { PEOPLE, world } from "../world/story";

const here = world({ flags: MEETING });
let place: string;

beforeAll(async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const { items } = await api.get("/users?query=bob");
  const wish = { client_id: randomUUID(), kind: "direct", member_ids: [items[0].id] };
  place = (await api.post("/conversations", wish)).id;
});

/** Somebody in the conversation of the two, or another one, whose connections and devices can be asked for. */
async function talks(username: string, where = place): Promise<Person> {
  const person = await here.comes(username);
  await isWatched(person);
  await person.open(`/#/c/${where}`);
  await person.page.reload();
  await person.composer.waitFor();
  return person;
}

async function calls(person: Person, how: "Voice call" | "Video call", whom = "Call"): Promise<void> {
  await person.click(person.button(whom));
  await person.click(person.page.getByRole("menuitem", { name: how, exact: true }));
  await panel(person).getByText("Ringing…").waitFor();
}

const panel = (person: Person) => person.page.getByRole("region", { name: /^Calls?$/ });
const ringing = (person: Person) => person.page.getByRole("alertdialog", { name: PEOPLE.ann });
const hangUp = (person: Person) => panel(person).getByRole("button", { name: "Hang up", exact: true });

/** The call is over, and this page has given back all that it used. */
async function isOver(person: Person): Promise<void> {
  await panel(person).waitFor({ state: "detached" });
  await expect.poll(() => openDevices(person)).toBe(0);
}

test("a call rings in all tabs, one answers, the other says so, and both people hear each other", async () => {
  const [ann, bob] = [await talks("ann"), await talks("bob")];
  const tab = await bob.secondTab();
  await tab.open("/#/activity");
  await tab.seesList();
  await calls(ann, "Voice call");
  await ringing(tab).waitFor();
  await ringing(bob).getByText("Incoming call").waitFor();
  await bob.click(bob.button("Answer"));
  await tab.sees("The call was answered on another device.");
  await ringing(tab).waitFor({ state: "detached" });
  for (const person of [ann, bob]) {
    await panel(person).getByText(/^\d\d:\d\d$/).waitFor();
    await meets(person, { others: 1, pictures: 0 });
  }

  // From voice to video and back, and aside.
  await ann.click(panel(ann).getByRole("button", { name: "Camera on" }));
  await meets(bob, { others: 1 });
  await ann.click(panel(ann).getByRole("button", { name: "Hold" }));
  await panel(bob).getByText("Ann Lee put you on hold").waitFor();
  await panel(ann).getByText("On hold").waitFor();
  await ann.click(panel(ann).getByRole("button", { name: "Go on" }));
  await meets(bob, { others: 1 });

  await bob.click(hangUp(bob));
  await isOver(ann);
  await isOver(bob);
  await ann.open("/#/calls");
  await ann.page.getByRole("main").getByText(/^\d\d:\d\d$/).waitFor();
});

test("a call with video that is declined, and one that nobody answers, which stands in the conversation", async () => {
  const [ann, bob] = [await talks("ann"), await talks("bob")];
  await calls(ann, "Video call");
  await ringing(bob).getByText("Incoming video call").waitFor();
  await bob.click(bob.button("Decline"));
  await ann.sees("Bob Stone declined.");
  await isOver(ann);

  // Wherever one is on the page.
  await bob.open("/#/activity");
  await calls(ann, "Voice call");
  await ringing(bob).waitFor();
  await ann.click(panel(ann).getByRole("button", { name: "Cancel" }));
  await ringing(bob).waitFor({ state: "detached" });
  await ann.message("Bob Stone missed your call.").waitFor();
  await ann.row("Bob Stone").getByText("Bob Stone missed your call.", { exact: true }).waitFor();
  await bob.page.getByRole("main").getByText("called you").waitFor();
  await bob.click(bob.page.getByRole("link", { name: "Calls" }).first());
  await bob.page.getByRole("main").getByText("Missed", { exact: true }).waitFor();
  await bob.open(`/#/c/${place}`);
  await bob.message("You missed a call.").waitFor();
});

test("whoever is about to leave the page in a call is asked first, and not when it is over", async () => {
  const [ann, bob] = [await talks("ann"), await talks("bob")];
  await calls(ann, "Voice call");
  await bob.click(bob.button("Answer"));
  await meets(ann, { others: 1, pictures: 0 });
  const asked = ann.page.waitForEvent("dialog");
  const reload = () => ann.page.evaluate(() => void setTimeout(() => window.location.reload()));
  await reload();
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.dismiss();
  await meets(bob, { others: 1, pictures: 0 });

  await bob.click(hangUp(bob));
  await isOver(ann);
  const again: string[] = [];
  ann.page.on("dialog", (dialog) => {
    again.push(dialog.type());
    void dialog.accept();
  });
  await Promise.all([ann.page.waitForEvent("load"), reload()]);
  await ann.composer.waitFor();
  expect(again).toEqual([]);
});

test("a missed call is returned with one click, and answered with video", async () => {
  const [ann, bob] = [await talks("ann"), await talks("bob")];
  await calls(ann, "Video call");
  await ringing(bob).waitFor();
  await ann.click(panel(ann).getByRole("button", { name: "Cancel" }));
  await bob.message("You missed a video call.").getByRole("button", { name: "Call back" }).click();
  const back = ann.page.getByRole("alertdialog", { name: PEOPLE.bob });
  await back.getByRole("button", { name: "Answer with video" }).click();
  for (const person of [ann, bob]) await meets(person, { others: 1 });
  await ann.click(hangUp(ann));
  await isOver(bob);
});

test("a group rings at all of its people: who answers talks, who comes later talks with both, and who declines is named", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const found = await Promise.all(["bob", "cleo"].map((name) => api.get(`/users?query=${name}`)));
  const members = found.map(({ items }) => items[0].id);
  const wish = { client_id: randomUUID(), kind: "group", title: "Choir", member_ids: members };
  const group: string = (await api.post("/conversations", wish)).id;
  const [ann, bob, cleo] = [await talks("ann", group), await talks("bob", group), await talks("cleo", group)];

  await calls(ann, "Voice call", "Call the group");
  for (const person of [bob, cleo]) await ringing(person).getByText("Incoming call in Choir").waitFor();
  await bob.click(bob.button("Answer"));
  for (const person of [ann, bob]) await meets(person, { others: 1, pictures: 0 });
  await ringing(cleo).waitFor();
  await cleo.click(cleo.button("Answer"));
  for (const person of [ann, bob, cleo]) await meets(person, { others: 2, pictures: 0 });
  // It goes on among those who stay.
  await ann.click(hangUp(ann));
  await isOver(ann);
  for (const person of [bob, cleo]) await meets(person, { others: 1, pictures: 0 });
  await bob.click(hangUp(bob));
  for (const person of [bob, cleo]) await isOver(person);

  await calls(ann, "Voice call", "Call the group");
  await bob.click(bob.button("Answer"));
  for (const person of [ann, bob]) await panel(person).getByText(/^\d\d:\d\d$/).waitFor();
  await ringing(cleo).getByRole("button", { name: "Decline", exact: true }).click();
  await ringing(cleo).waitFor({ state: "detached" });
  for (const person of [ann, bob]) await panel(person).getByText("Not in the call: Cleo Park").waitFor();
  await bob.click(hangUp(bob));
  await isOver(ann);
});

test("another microphone is used, and a screen is seen and heard, without hanging up", async () => {
  const [ann, bob] = [await talks("ann"), await talks("bob")];
  await calls(ann, "Voice call");
  await bob.click(bob.button("Answer"));
  for (const person of [ann, bob]) await meets(person, { others: 1, pictures: 0 });

  await panel(ann).getByRole("button", { name: "Devices" }).click();
  const menu = ann.dialog.getByLabel("Microphone");
  const used = await menu.inputValue();
  const other = (await menu.locator("option").evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))).find((id) => id !== used);
  await menu.selectOption(other ?? "");
  await expect.poll(() => menu.inputValue()).toBe(other);
  await ann.page.keyboard.press("Escape");
  expect(await openDevices(ann)).toBe(1);
  await meets(bob, { others: 1, pictures: 0 });

  await panel(ann).getByRole("button", { name: "Show your screen" }).click();
  await meets(bob, { others: 1, pictures: 1, sounds: 2 });
  await panel(bob).getByRole("figure", { name: "Ann Lee" }).waitFor();
  // What is put aside shows nothing.
  await panel(ann).getByRole("button", { name: "Hold" }).click();
  await panel(bob).getByRole("figure").waitFor({ state: "detached" });
  await panel(ann).getByRole("button", { name: "Go on" }).click();
  await panel(ann).getByRole("button", { name: "Show your screen" }).click();
  await meets(bob, { others: 1, pictures: 1, sounds: 2 });
  await panel(ann).getByRole("button", { name: "Stop showing your screen" }).click();
  await meets(bob, { others: 1, pictures: 0 });
  await bob.click(hangUp(bob));
  await isOver(ann);
  await isOver(bob);
});
