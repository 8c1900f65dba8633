/** Before the door of a meeting: who comes in, who does not, and how they hear of it. */
import { expect, test } from "vitest";
import { asksIn, isIn, isWatched, MEETING, makeRoom, openDevices, type Room } from "../world/meeting";
import type { Person } from "../world/person";
import { world } from "../world/story";

const here = world({ flags: MEETING });

async function host(room: Room): Promise<Person> {
  const ann = await here.comes("ann");
  await asksIn(ann, room);
  await isIn(ann);
  return ann;
}

test("a link that leads nowhere says so", async () => {
  const guest = await here.arrives();
  await guest.open("/meet#abc-defg-hjk");
  await guest.sees("There is no meeting at this link");
});

test("a locked room lets nobody in but its owner", async () => {
  const room = await makeRoom(here.server, "ann", { locked: true });
  await host(room);
  const bob = await here.comes("bob");
  await asksIn(bob, room);
  await bob.page.getByRole("alert").filter({ hasText: /locked/i }).waitFor();
  await bob.button("Join").waitFor();
});

test("a room with a password says when it is wrong, and opens for the right one", async () => {
  const room = await makeRoom(here.server, "ann", { password: "lemonade", lobby: "off" });
  const guest = await here.arrives();
  await asksIn(guest, room, "Bo Guest");
  await guest.page.getByRole("alert").filter({ hasText: "This meeting has a password" }).waitFor();
  await guest.field("The meeting’s password").fill("orangeade");
  await guest.button("Join").click();
  await guest.page.getByRole("alert").filter({ hasText: "This is not the meeting" }).waitFor();
  await guest.field("The meeting’s password").fill("lemonade");
  await guest.button("Join").click();
  await isIn(guest);
});

test("somebody who is refused hears of it and may ask again", async () => {
  const room = await makeRoom(here.server, "ann");
  const ann = await host(room);
  const guest = await here.arrives();
  await isWatched(guest);
  await asksIn(guest, room, "Bo Guest");
  await ann.button("Refuse").click();
  await guest.sees("You were not let in");
  expect(await openDevices(guest)).toBe(0);
  await guest.button("Join again").click();
  await guest.button("Join").click();
  await ann.button("Let in").click();
  await isIn(guest);
});

test("who is removed hears of it, and the devices are theirs again; a meeting that ends is over for all", async () => {
  const room = await makeRoom(here.server, "ann", { lobby: "off" });
  const ann = await host(room);
  const [bo, di] = [await here.arrives(), await here.arrives()];
  for (const [person, name] of [
    [bo, "Bo Guest"],
    [di, "Di Guest"],
  ] as const) {
    await isWatched(person);
    await asksIn(person, room, name);
    await isIn(person);
  }
  await ann.page.getByRole("button", { name: /^People, / }).click();
  await ann.button("More about Bo Guest").click();
  await ann.page.getByRole("menuitem", { name: /^Remove/ }).click();
  await ann.page.getByRole("alertdialog").or(ann.dialog).getByRole("button", { name: /^Remove/ }).click();
  await bo.sees("You were removed from the meeting");
  expect(await openDevices(bo)).toBe(0);

  await ann.page.getByRole("button", { name: /^End/ }).click();
  await ann.page.getByRole("alertdialog").or(ann.dialog).getByRole("button", { name: /^End/ }).click();
  for (const person of [ann, di]) await person.sees("The meeting is over");
  expect(await openDevices(di)).toBe(0);
});

test("whoever tries codes is slowed down, and told so", async () => {
  const guest = await here.arrives();
  const statuses = new Set<number>();
  for (let tries = 0; tries < 60 && !statuses.has(429); tries += 1) {
    const code = `abc-defg-h${"abcdefghjkmnpqrstuvwxyz"[tries % 23]}${"abcdefghjkmnpqrstuvwxyz"[Math.floor(tries / 23)]}`;
    const answer = await fetch(`${here.server.url}/api/v1/rooms/preview`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code }),
    });
    statuses.add(answer.status);
  }
  expect([...statuses]).toEqual([409, 429]);
  await guest.open("/meet#abc-defg-hjk");
  await guest.sees(/Too many tries|Wait/);
});
