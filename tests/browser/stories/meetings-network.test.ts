/** A meeting outlives what networks and servers do to it. */
import { expect, test } from "vitest";
import { Cable } from "../world/cable";
import { asksIn, brought, isIn, isWatched, MEETING, makeRoom, meets, type Seen, tile } from "../world/meeting";
import type { Person } from "../world/person";
import { goesBy, Relay } from "../world/relay";
import { world } from "../world/story";

const here = world({ flags: MEETING });

/** How many connections this person's page has made so far. */
const connections = (person: Person) =>
  person.page.evaluate(() => (window as unknown as { seen: Seen }).seen.connections.length);

/** From now on the page remembers whether this tile was ever missing. */
async function remembersAbsence(person: Person, name: string): Promise<() => Promise<boolean>> {
  await person.page.evaluate((name) => {
    const list = document.querySelector("ul[aria-label='People in this meeting']");
    const look = () => {
      if (!list?.textContent?.includes(name)) Object.assign(window, { wasMissing: true });
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, name);
  return () => person.page.evaluate(() => "wasMissing" in window);
}

test("a connection to the server that is lost for some seconds costs nobody anything", async () => {
  const room = await makeRoom(here.server, "ann");
  const cable = await Cable.to(here.server);
  const [ann, bob] = [await here.comes("ann"), await here.comes("bob", { at: cable.url })];
  for (const person of [ann, bob]) {
    await isWatched(person);
    await asksIn(person, room);
    await isIn(person);
  }
  await Promise.all([ann, bob].map((person) => meets(person, { others: 1 })));
  const wasMissing = await remembersAbsence(ann, "Bob Stone");

  cable.cut();
  await bob.sees(/Connecting again/);
  await tile(ann, "Bob Stone").filter({ hasText: "connecting again" }).waitFor();
  // They see and hear each other all the while: only the server is away.
  await Promise.all([ann, bob].map((person) => meets(person, { others: 1 })));
  await bob.button("Raise your hand").click();
  cable.mend();
  await tile(ann, "Bob Stone").getByLabel("Hand raised").waitFor();
  await bob.page.getByText(/Connecting again/).waitFor({ state: "detached" });
  await Promise.all([ann, bob].map((person) => meets(person, { others: 1 })));
  expect(await wasMissing()).toBe(false);
  expect(await Promise.all([ann, bob].map(connections))).toEqual([1, 1]);
  cable.remove();
});

test("everybody is back by themselves after the server was killed and started again, guests too", async () => {
  const room = await makeRoom(here.server, "ann", { lobby: "off" });
  const [ann, guest] = [await here.comes("ann"), await here.arrives()];
  for (const person of [ann, guest]) await isWatched(person);
  await asksIn(ann, room);
  await asksIn(guest, room, "Bo Guest");
  await Promise.all([ann, guest].map(isIn));
  await Promise.all([ann, guest].map((person) => meets(person, { others: 1 })));

  await here.server.end("SIGKILL");
  await ann.sees(/Connecting again/);
  await here.server.begin();
  // New seats, and new connections between them.
  for (const person of [ann, guest]) await expect.poll(() => connections(person), { timeout: 40_000 }).toBeGreaterThan(1);
  await Promise.all([ann, guest].map(isIn));
  await tile(ann, "Bo Guest").waitFor();
  await tile(guest, "Ann Lee").waitFor();
  await Promise.all([ann, guest].map((person) => meets(person, { others: 1 })));
  await expect.poll(() => tile(ann, "").count()).toBe(2);
});

test("who comes into another network is found there by the others", async () => {
  const room = await makeRoom(here.server, "ann");
  const [wifi, mobile] = [new Relay(), new Relay()];
  let network: Relay = wifi;
  const [ann, bob] = [await here.comes("ann"), await here.comes("bob")];
  for (const person of [ann, bob]) await isWatched(person);
  // Ann reaches Bob by the network that he is in; of hers he learns by what comes from there.
  await goesBy(ann, () => network);
  await goesBy(bob, () => null);
  for (const person of [ann, bob]) {
    await asksIn(person, room);
    await isIn(person);
  }
  await Promise.all([ann, bob].map((person) => meets(person, { others: 1 })));
  const before = await brought(ann);
  expect(wifi.carried).toBeGreaterThan(0);

  network = mobile;
  wifi.cut();
  await expect.poll(async () => (await brought(ann))[0]?.pair?.id, { timeout: 60_000 }).not.toBe(before[0]?.pair?.id);
  await Promise.all([ann, bob].map((person) => meets(person, { others: 1 })));
  expect(mobile.carried).toBeGreaterThan(0);
  expect(await Promise.all([ann, bob].map(connections))).toEqual([1, 1]);
  mobile.cut();
});
