/** People meet: from nothing but a link until they see and hear each other, with a screen, and until they leave. */
import { expect, test } from "vitest";
import { asksIn, isIn, isWatched, MEETING, makeRoom, meets, openDevices, type Room, tile } from "../world/meeting";
import type { Look, Person } from "../world/person";
import { world } from "../world/story";

const here = world({ flags: MEETING });
const MOST_CLICKS = 4;

/** Somebody with an account, in the meeting. */
async function member(username: string, room: Room, look?: Look): Promise<Person> {
  const person = await here.comes(username, look);
  await isWatched(person);
  await asksIn(person, room);
  await isIn(person);
  return person;
}

test(`a guest with nothing but the link and the host see and hear each other after at most ${MOST_CLICKS} clicks`, async () => {
  const room = await makeRoom(here.server, "ann");
  const ann = await here.comes("ann");
  const guest = await here.arrives();
  for (const person of [ann, guest]) await isWatched(person);

  await asksIn(ann, room);
  await isIn(ann);
  await asksIn(guest, room, "Bo Guest");
  await guest.sees("You will be let in soon");
  await ann.sees("Bo Guest (guest) wants to come in");
  await ann.click(ann.button("Let in"));
  await isIn(guest);

  await tile(ann, "Bo Guest").waitFor();
  await tile(guest, "Ann Lee").waitFor();
  await Promise.all([meets(ann, { others: 1 }), meets(guest, { others: 1 })]);
  expect(ann.clicks + guest.clicks).toBeLessThanOrEqual(MOST_CLICKS);

  await guest.click(guest.button("Leave"));
  await guest.sees("You left the meeting");
  expect(await openDevices(guest)).toBe(0);
  await tile(ann, "Bo Guest").waitFor({ state: "detached" });
  await ann.click(ann.button("Leave"));
  await ann.sees("You left the meeting");
  expect(await openDevices(ann)).toBe(0);
});

test("each of three people sees and hears both others, also when one of them comes again", async () => {
  const room = await makeRoom(here.server, "ann");
  const [ann, bob] = [await member("ann", room), await member("bob", room)];
  const cleo = await member("cleo", room);
  await Promise.all([ann, bob, cleo].map((person) => meets(person, { others: 2 })));

  await cleo.button("Leave").click();
  await Promise.all([ann, bob].map((person) => meets(person, { others: 1 })));
  await cleo.button("Join again").click();
  await cleo.button("Join").click();
  await isIn(cleo);
  await Promise.all([ann, bob, cleo].map((person) => meets(person, { others: 2 })));
});

test("a screen is seen and heard by the other until it is not shown any more, by the page's button or by the browser's", async () => {
  const room = await makeRoom(here.server, "ann");
  const [ann, bob] = [await member("ann", room), await member("bob", room)];
  await Promise.all([ann, bob].map((person) => meets(person, { others: 1 })));
  for (const stop of ["page", "browser"]) {
    await bob.button("Show your screen").click();
    await tile(ann, "Bob Stone · Screen").waitFor();
    await meets(ann, { others: 1, pictures: 2, sounds: 2 });
    if (stop === "page") await bob.button("Stop showing your screen").click();
    else await endsSharing(bob);
    await tile(ann, "Bob Stone · Screen").waitFor({ state: "detached" });
    await bob.button("Show your screen").waitFor();
    await meets(ann, { others: 1 });
    expect(await openDevices(bob)).toBe(2);
  }
});

/** What a browser does when its own button is pressed: the track ends, and the page is told. */
async function endsSharing(person: Person): Promise<void> {
  await person.page.evaluate(() => {
    const { tracks } = (window as unknown as { seen: { tracks: MediaStreamTrack[] } }).seen;
    const screen = tracks.findLast(({ kind, readyState }) => kind === "video" && readyState === "live");
    screen?.stop();
    screen?.dispatchEvent(new Event("ended"));
  });
}
