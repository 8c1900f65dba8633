/** People who reach each other by no direct way, through the relay that Rony itself is. */
import { expect, test } from "vitest";
import { asksIn, brought, hasNoDirectWay, isIn, isWatched, MEETING, makeRoom, meets } from "../world/meeting";
import { world } from "../world/story";

const here = world({ flags: MEETING });

test("two people whose networks let them out to the relay alone see and hear each other", async () => {
  const room = await makeRoom(here.server, "ann");
  const both = [await here.comes("ann"), await here.comes("bob")];
  for (const person of both) {
    await hasNoDirectWay(person);
    await isWatched(person);
    await asksIn(person, room);
    await isIn(person);
  }
  await Promise.all(both.map((person) => meets(person, { others: 1 })));
  for (const person of both) {
    const [only] = await brought(person);
    expect(only?.pair).toMatchObject({ local: "relay", remote: "relay" });
  }
});
