/** Ways into a meeting: a click in a conversation, the place of meetings, and a page that was opened without a network. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { isIn, isWatched, MEETING, makeRoom, meets } from "../world/meeting";
import { PASSWORD, type Person } from "../world/person";
import { world } from "../world/story";

const here = world({ flags: MEETING });

/** The tab that opens when this is done. */
async function opens(person: Person, act: () => Promise<void>): Promise<Person> {
  const [page] = await Promise.all([person.context.waitForEvent("page"), act()]);
  return person.at(page);
}

test("a meeting begins with a click in a conversation, whose others come by what it says there, and stands among the meetings", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const { items } = await api.get("/users?query=bob");
  const wish = { client_id: randomUUID(), kind: "group", title: "Choir", member_ids: [items[0].id] };
  const { id } = await api.post("/conversations", wish);
  const [ann, bob] = [await here.comes("ann", {}, `/c/${id}`), await here.comes("bob", {}, `/c/${id}`)];
  for (const person of [ann, bob]) await isWatched(person);

  const first = await opens(ann, () => ann.button("Start a meeting").click());
  await first.button("Join").click();
  await isIn(first);
  await first.page.getByRole("heading", { name: "Choir" }).waitFor();
  const other = await opens(bob, () => bob.message("Started a meeting").getByRole("link").click());
  await other.button("Join").click();
  // Who is of the conversation knocks at no door.
  await isIn(other);
  await Promise.all([first, other].map((person) => meets(person, { others: 1 })));

  // One meeting is for all, however often somebody begins it; it is the same from the place of meetings.
  await bob.page.getByRole("link", { name: "Meetings" }).first().click();
  const again = await opens(bob, () => bob.page.getByRole("link", { name: "Join Choir" }).click());
  expect(new URL(again.page.url()).hash).toBe(new URL(first.page.url()).hash);
  for (const person of [first, other]) {
    await person.button("Leave").click();
    await person.sees("You left the meeting");
  }
  await ann.message("Meeting ended after").waitFor();
});

test("a room is made in the place of meetings, and opened from there", async () => {
  const ann = await here.comes("ann", {}, "/meetings");
  await ann.button("New meeting").first().click();
  await ann.field("Name").fill("Open house");
  await ann.dialog.getByRole("button", { name: "Make the room" }).click();
  const room = await opens(ann, () => ann.dialog.getByRole("link", { name: "Open the meeting" }).click());
  await room.button("Join").click();
  await isIn(room);
  await ann.page.getByRole("link", { name: "Join Open house" }).waitFor();
});

test("without a network the page of a meeting says so, and goes on by itself when it is back", async () => {
  const room = await makeRoom(here.server, "bob", { lobby: "off" });
  const ann = await here.comes("ann");
  // From then on the page starts without a network.
  await expect.poll(() => ann.page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
  await ann.cutOff();
  const tab = await ann.secondTab();
  await tab.open(room.link);
  await tab.sees("No connection");
  await tab.sees("Rony cannot be reached. Check your connection.");
  await ann.isBack();
  await tab.button("Join").waitFor();

  await ann.cutOff();
  await tab.button("Join").click();
  await tab.sees("Joining the meeting…");
  await tab.sees("If this takes long, check your connection. It is tried again by itself.");
  await ann.isBack();
  await isIn(tab);
});
