/** The page that tries whether a meeting would work here, before there is one. */
import { describe, expect, test } from "vitest";
import { faults, keepPicture, overhang } from "../world/looks";
import { MEETING, makeRoom } from "../world/meeting";
import type { Person } from "../world/person";
import { world } from "../world/story";

const TEST = "/meet#connection-test";

/** What the page says of each thing, when it has tried all. */
async function verdicts(person: Person): Promise<Record<string, string>> {
  await person.page.getByRole("status").filter({ hasText: /meet\.|meeting\./ }).waitFor({ timeout: 40_000 });
  const all = await person.page.getByRole("heading", { level: 2 }).allTextContents();
  return Object.fromEntries(all.map((heading) => heading.split(": ") as [string, string]));
}

const ALL_GOOD = {
  "Secure page": "good",
  Server: "good",
  Microphone: "good",
  Camera: "good",
  "Sound and pictures": "good",
  "Your address": "good",
  Detour: "good",
};

describe("where all is well", () => {
  const here = world({ flags: MEETING });

  test("somebody is led from a room's door to the test, which finds each way open", async () => {
    const room = await makeRoom(here.server, "ann");
    const ann = await here.comes("ann");
    await ann.open(room.link);
    const opened = ann.context.waitForEvent("page");
    await ann.click(ann.page.getByRole("link", { name: "Test your connection" }));
    expect(new URL((await opened).url()).hash).toBe(new URL(TEST, here.server.url).hash);
    const there = await ann.secondTab();
    await there.open(TEST);
    expect(await verdicts(there)).toEqual(ALL_GOOD);
    await there.page.getByText("All is well: you can meet.").waitFor();
    expect(await faults(there)).toEqual([]);
    await keepPicture(there, "connection test", "light");
    await there.click(there.button("Test again"));
    expect(await verdicts(there)).toEqual(ALL_GOOD);
  });

  test("a guest is told what they would have to sign in for, on a phone in the dark too", async () => {
    const guest = await here.arrives({ phone: true, dark: true });
    await guest.open(TEST);
    expect(await verdicts(guest)).toEqual({ ...ALL_GOOD, "Your address": "note", Detour: "note" });
    expect(await faults(guest)).toEqual([]);
    expect(await overhang(guest)).toBe(0);
    await keepPicture(guest, "connection test", "phone-dark");
  });
});

describe("where somebody switched the relay off", () => {
  const here = world({ flags: MEETING, settings: ["--rtc-relay=false"] });

  test("the page says what that means, and that people in one network can meet", async () => {
    const bob = await here.comes("bob");
    await bob.open(TEST);
    expect(await verdicts(bob)).toEqual({ ...ALL_GOOD, "Your address": "note", Detour: "note" });
    await bob.page.getByText("You can meet. Some things could be better.").waitFor();
    await bob.page.getByText("It does not matter while all are in one network.", { exact: false }).first().waitFor();
  });
});
