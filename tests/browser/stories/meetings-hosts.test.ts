/** What host and co-hosts do in a meeting, what all write and show, and other devices without leaving. */
import { expect, test } from "vitest";
import { asksIn, isIn, isWatched, MEETING, makeRoom, meets, openDevices, type Room, tile } from "../world/meeting";
import type { Person } from "../world/person";
import { world } from "../world/story";

const here = world({ flags: MEETING });

/** What is done here needs no pictures, and a machine has better to do than to encode them. */
async function withoutCamera(person: Person): Promise<void> {
  await person.context.addInitScript(() => localStorage.setItem("rony-meet", JSON.stringify({ cameraOn: false })));
}

async function member(username: string, room: Room): Promise<Person> {
  const person = await here.comes(username);
  await withoutCamera(person);
  await asksIn(person, room);
  await isIn(person);
  return person;
}

async function knocks(room: Room, name: string): Promise<Person> {
  const guest = await here.arrives();
  await withoutCamera(guest);
  await asksIn(guest, room, name);
  await guest.sees("You will be let in soon");
  return guest;
}

/** Chooses what is done about somebody from the list of people. */
async function does(host: Person, whom: string, what: string): Promise<void> {
  await host.button(`More about ${whom}`).click();
  await host.page.getByRole("menuitem", { name: what, exact: true }).click();
}

const people = (person: Person) => person.page.getByRole("button", { name: /^People/ });
const chat = (person: Person) => person.page.getByRole("button", { name: /^Chat/ });

test("a host lets all in at once, mutes, asks to unmute, names a co-host and removes", async () => {
  const room = await makeRoom(here.server, "ann");
  const [ann, bob] = [await member("ann", room), await member("bob", room)];
  const [bo, cy] = [await knocks(room, "Bo Guest"), await knocks(room, "Cy Guest")];
  await people(ann).click();
  await ann.button("Let all in (2)").click();
  await Promise.all([bo, cy].map(isIn));

  await does(ann, "Bo Guest", "Mute");
  await bo.sees("Ann Lee switched your microphone off.");
  await bo.button("Switch microphone on (M)").waitFor();
  await does(ann, "Bo Guest", "Ask to unmute");
  await bo.sees("Ann Lee asks you to switch your microphone on.");
  // It is theirs to decide: nothing is on before they have.
  await bo.button("Switch microphone on (M)").waitFor();
  await bo.button("Switch on").click();
  await bo.button("Switch microphone off (M)").waitFor();

  expect(await bob.button("More about Bo Guest").count()).toBe(0);
  await people(bob).click();
  expect(await bob.button("More about Bo Guest").count()).toBe(0);
  await does(ann, "Bob Stone", "Make co-host");
  await bob.sees("You are a co-host now.");
  await does(bob, "Cy Guest", "Remove");
  await bob.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await cy.sees("You were removed from the meeting");
  await tile(ann, "Cy Guest").waitFor({ state: "detached" });
});

test("when the host leaves another one is named, and may end the meeting for all", async () => {
  const room = await makeRoom(here.server, "ann");
  const [ann, bob, cleo] = [await member("ann", room), await member("bob", room), await member("cleo", room)];
  await people(ann).click();
  await ann.page.getByRole("switch", { name: "Lock the meeting" }).click();
  await bob.sees("The meeting is locked: nobody else comes in.");
  await ann.button("Leave").click();
  await bob.sees("You are the host now.");
  await cleo.sees("Bob Stone is the host now.");
  await people(bob).click();
  await bob.button("End for all").click();
  await bob.page.getByRole("dialog").getByRole("button", { name: "End for all" }).click();
  await Promise.all([bob, cleo].map((person) => person.sees("The meeting is over")));
});

test("a guest who takes a member's name is told apart wherever it stands", async () => {
  const room = await makeRoom(here.server, "ann");
  const [ann, bob] = [await member("ann", room), await member("bob", room)];
  const guest = await knocks(room, "Bob Stone");
  await ann.page.getByRole("region", { name: "Who wants to come in" }).getByText("(guest)").waitFor();
  await ann.button("Let in").click();
  await isIn(guest);
  await bob.sees("Bob Stone (guest) came in.");
  await tile(ann, /Bob Stone\s*Guest/).waitFor();
  expect(await tile(ann, "Bob Stone").count()).toBe(2);
  expect(await tile(ann, "Guest").count()).toBe(1);
  await chat(ann).click();
  for (const [person, text] of [
    [bob, "I am Bob"],
    [guest, "So am I"],
  ] as const) {
    await chat(person).click();
    await person.page.getByLabel("Message to all").fill(text);
    await person.page.keyboard.press("Enter");
    await ann.page.getByRole("log").getByText(text).waitFor();
  }
  const names = ann.page.getByRole("log").locator("p:has(time)");
  expect(await names.allTextContents()).toEqual([
    expect.stringMatching(/^Bob Stone\d/),
    expect.stringMatching(/^Bob StoneGuest\d/),
  ]);
});

test("all read the chat, which says how much is unread, and see hands in the order in which they were raised", async () => {
  const room = await makeRoom(here.server, "ann");
  const [ann, bob, cleo] = [await member("ann", room), await member("bob", room), await member("cleo", room)];
  await chat(bob).click();
  await bob.page.getByLabel("Message to all").fill("The agenda is at https://example.org");
  await bob.page.keyboard.press("Enter");
  await ann.button("Chat, 1 unread").click();
  await ann.page.getByRole("log").getByRole("link", { name: "https://example.org" }).waitFor();
  await ann.page.keyboard.press("Escape");
  await ann.button("Chat").waitFor();

  await cleo.button("Raise your hand").click();
  await ann.sees("Cleo Park raised a hand.");
  await bob.button("Raise your hand").click();
  await ann.sees("Bob Stone raised a hand.");
  await people(ann).click();
  const names = ann.page.getByRole("list", { name: "Who is here" }).getByRole("listitem");
  await expect.poll(async () => (await names.allInnerTexts()).map((text) => text.split("\n")[0])).toEqual([
    "Cleo Park",
    "Bob Stone",
    "Ann Lee",
  ]);
  await bob.button("React").click();
  await bob.page.getByRole("menuitem", { name: "Applause" }).click();
  await ann.sees("Bob Stone: 👏");
});

test("whoever is muted is heard as long as the space bar is held, and not while they write", async () => {
  const room = await makeRoom(here.server, "ann");
  const ann = await member("ann", room);
  await ann.page.keyboard.press("m");
  await ann.button("Switch microphone on (M)").waitFor();
  await ann.page.keyboard.down(" ");
  await ann.button("Switch microphone off (M)").waitFor();
  await ann.page.keyboard.up(" ");
  await ann.button("Switch microphone on (M)").waitFor();
  await chat(ann).click();
  await ann.page.getByLabel("Message to all").pressSequentially("m and v");
  await ann.button("Switch microphone on (M)").waitFor();
  expect(await ann.page.getByLabel("Message to all").inputValue()).toBe("m and v");
});

test("another microphone is used without leaving, and one that is pulled out is replaced", async () => {
  const room = await makeRoom(here.server, "ann");
  const [ann, bob] = [await here.comes("ann"), await here.comes("bob")];
  for (const person of [ann, bob]) {
    await withoutCamera(person);
    await isWatched(person);
    await asksIn(person, room);
    await isIn(person);
  }
  await meets(ann, { others: 1, pictures: 0 });
  await bob.button("Devices").click();
  await bob.page.getByLabel("Microphone", { exact: true }).selectOption({ index: 1 });
  await bob.page.keyboard.press("Escape");
  await expect.poll(() => openDevices(bob)).toBe(1);
  await meets(ann, { others: 1, pictures: 0 });
  await bob.page.evaluate(() => {
    const { tracks } = (window as unknown as { seen: { tracks: MediaStreamTrack[] } }).seen;
    const microphone = tracks.findLast(({ readyState }) => readyState === "live");
    microphone?.stop();
    microphone?.dispatchEvent(new Event("ended"));
  });
  await bob.page.getByText("Your microphone is gone").waitFor();
  await meets(ann, { others: 1, pictures: 0 });
  expect(await openDevices(bob)).toBe(1);
});
