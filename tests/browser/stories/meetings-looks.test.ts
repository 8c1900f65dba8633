/** The pages of a meeting in light, dark and on a phone: axe finds nothing, and nothing is wider than the screen. SCREENSHOTS=FOLDER keeps pictures. */
import { expect, test } from "vitest";
import { faults, keepPicture, overhang } from "../world/looks";
import { asksIn, isIn, MEETING, makeRoom, tile } from "../world/meeting";
import type { Look, Person } from "../world/person";
import { world } from "../world/story";

const here = world({ flags: MEETING });

const LOOKS: readonly (readonly [string, Look])[] = [
  ["light", {}],
  ["dark", { dark: true }],
  ["phone", { phone: true }],
];

test.each(LOOKS)("axe finds nothing wrong on any page of a meeting, and all fits: %s", async (look, how) => {
  const room = await makeRoom(here.server, "ann", { lobby: "everyone" });
  const [ann, guest] = [await here.comes("ann", how), await here.arrives(how)];
  const found: string[] = [];
  const looksAt = async (person: Person, name: string) => {
    found.push(...(await faults(person)).map((fault) => `${name}: ${fault}`));
    const wider = await overhang(person);
    if (wider > 0) found.push(`${name}: ${wider} pixels wider than the screen`);
    await keepPicture(person, `meeting ${name}`, look);
  };

  await guest.open("/meet#abc-defg-hjk");
  await guest.sees("There is no meeting at this link");
  await looksAt(guest, "no meeting");
  await guest.open("about:blank");
  await guest.open(room.link);
  await guest.page.getByRole("meter", { name: "How loud you are" }).waitFor();
  await looksAt(guest, "getting ready");
  await asksIn(ann, room);
  await isIn(ann);
  await looksAt(ann, "alone");
  await guest.field("Your name").fill("Bo Guest");
  await guest.button("Join").click();
  await guest.sees("You will be let in soon");
  await looksAt(guest, "waiting");
  await ann.button("Let in").waitFor();
  await looksAt(ann, "knock");
  await ann.button("Let in").click();
  await isIn(guest);
  await tile(ann, "Bo Guest").locator("video").waitFor();
  await looksAt(ann, "two people");
  await ann.page.getByRole("button", { name: /^People, / }).click();
  await ann.page.getByRole("list", { name: "Who is here" }).waitFor();
  await looksAt(ann, "people");
  await ann.page.getByRole("button", { name: /^Close people/ }).click();
  await ann.page.getByRole("button", { name: /^Chat/ }).click();
  await ann.field("Message to all").waitFor();
  await looksAt(ann, "chat");
  await ann.button("Close chat").click();
  await ann.button("Devices").click();
  await ann.dialog.waitFor();
  await looksAt(ann, "devices");
  await ann.page.keyboard.press("Escape");
  await guest.button("Leave").click();
  await guest.sees("You left the meeting");
  await looksAt(guest, "left");
  expect(found).toEqual([]);
});
