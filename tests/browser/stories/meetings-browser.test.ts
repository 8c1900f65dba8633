/** Browsers as people have them, which block sound and ask for devices: without any flag that hides it. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { Api } from "../world/api";
import { asksIn, DEVICES, isIn, isWatched, makeRoom, meets, tile } from "../world/meeting";
import { PASSWORD, type Person } from "../world/person";
import { type World, world } from "../world/story";

/** Asks the page of somebody without counting as a touch of theirs, as everything else here does for the browser. */
async function silently<T>(person: Person): Promise<(expression: string) => Promise<T>> {
  const session = await person.context.newCDPSession(person.page);
  return async (expression) => {
    const wanted = { expression, returnByValue: true, userGesture: false };
    return (await session.send("Runtime.evaluate", wanted)).result.value;
  };
}

/** Whether each of the others is heard, by the elements that play them. */
const PLAYING = "[...document.querySelectorAll('audio')].map((audio) => !audio.paused)";
const ACTIVE = "navigator.userActivation.isActive";

/** Waits until the browser does not count this person's last touch any more. */
async function isIdle(person: Person): Promise<void> {
  const ask = await silently<boolean>(person);
  await expect.poll(() => ask(ACTIVE), { timeout: 20_000 }).toBe(false);
}

/** They are told that they hear nothing, and they do hear nothing. */
async function hearsNothing(person: Person): Promise<void> {
  const [says, plays] = [await silently<boolean>(person), await silently<boolean[]>(person)];
  await expect.poll(() => says("document.body.innerText.includes('Tap to hear')"), { timeout: 20_000 }).toBe(true);
  expect(await plays(PLAYING)).toContain(false);
}

/** They hear all of so many others, and are not told otherwise. */
async function hears(person: Person, others: number): Promise<void> {
  const plays = await silently<boolean[]>(person);
  await expect.poll(() => plays(PLAYING)).toEqual(Array(others).fill(true));
  await person.button("Tap to hear").waitFor({ state: "detached" });
}

/** A conversation of Ann and Bob, as soon as the server is there. */
function conversation(here: World): () => string {
  let place = "";
  beforeAll(async () => {
    const api = await Api.signIn(here.server, "ann", PASSWORD);
    const { items } = await api.get("/users?query=bob");
    const wish = { client_id: randomUUID(), kind: "direct", member_ids: [items[0].id] };
    place = (await api.post("/conversations", wish)).id;
  });
  return () => place;
}

/** Somebody in that conversation. */
async function talks(here: World, username: string, place: string): Promise<Person> {
  const person = await here.comes(username, {}, `/c/${place}`);
  await isWatched(person);
  await person.page.reload();
  await person.composer.waitFor();
  return person;
}

const panel = (person: Person) => person.page.getByRole("region", { name: "Call" });

async function calls(person: Person): Promise<void> {
  await person.button("Call").click();
  await person.page.getByRole("menuitem", { name: "Voice call", exact: true }).click();
  await panel(person).getByText("Ringing…").waitFor();
}

describe("a browser that lets nothing be heard without a touch", () => {
  const here = world({ flags: [...DEVICES, "--autoplay-policy=user-gesture-required"] });
  const place = conversation(here);

  /** Somebody who has allowed microphone and camera before. */
  async function allows(person: Person): Promise<Person> {
    await person.context.grantPermissions(["camera", "microphone"]);
    await isWatched(person);
    return person;
  }

  test("is said in a meeting, and a tap, or whatever else touches the page, lets all be heard", async () => {
    const room = await makeRoom(here.server, "ann", { lobby: "off" });
    const [bo, di, ed] = [await allows(await here.arrives()), await allows(await here.arrives()), await allows(await here.arrives())];
    await asksIn(bo, room, "Bo Guest");
    await isIn(bo);
    await isIdle(bo);

    await asksIn(di, room, "Di Guest");
    await isIn(di);
    await hearsNothing(bo);
    await bo.button("Tap to hear").click();
    await hears(bo, 1);
    await meets(bo, { others: 1 });

    await isIdle(bo);
    await isIdle(di);
    await asksIn(ed, room, "Ed Guest");
    await isIn(ed);
    await hearsNothing(bo);
    await hearsNothing(di);
    await bo.page.keyboard.press("h");
    await tile(di, "Ed Guest").click();
    await hears(bo, 2);
    await hears(di, 2);
    await Promise.all([bo, di].map((person) => meets(person, { others: 2 })));
  });

  test("is said in a call that was answered after a while", async () => {
    const [ann, bob] = [await talks(here, "ann", place()), await talks(here, "bob", place())];
    for (const person of [ann, bob]) await person.context.grantPermissions(["camera", "microphone"]);
    await calls(ann);
    await isIdle(ann);
    await bob.button("Answer").click();
    await hearsNothing(ann);
    await panel(ann).getByRole("button", { name: "Tap to hear" }).click();
    await hears(ann, 1);
    await meets(ann, { others: 1, pictures: 0 });
  });
});

describe("a browser that asks its person, who takes their time", () => {
  const here = world({ flags: DEVICES, screen: true });
  const place = conversation(here);

  /** Whether the browser has asked and was told. */
  const state = (person: Person) =>
    person.page.evaluate(async () => (await navigator.permissions.query({ name: "microphone" as PermissionName })).state);

  test("says before the door and in the meeting what it waits for, and lets one come in without", async () => {
    const room = await makeRoom(here.server, "ann", { lobby: "off" });
    const [bo, di] = [await here.arrives(), await here.arrives()];
    await di.context.grantPermissions(["camera", "microphone"]);
    for (const person of [bo, di]) await isWatched(person);

    await bo.open(room.link);
    await bo.sees("Your browser may ask whether this page may use your microphone and camera. Choose “Allow”.");
    await bo.field("Your name").fill("Bo Guest");
    await bo.button("Join").click();
    await isIn(bo);
    await asksIn(di, room, "Di Guest");
    await isIn(di);
    await tile(di, "Bo Guest").waitFor();
    // Who has not answered yet is told so, and sees and hears the other all the same.
    await bo.sees("may use your microphone and camera. Choose “Allow”: it waits for your answer.");
    await meets(bo, { others: 1 });
    expect(await state(bo)).toBe("prompt");
    await meets(di, { others: 1, pictures: 0, sounds: 0 });
  });

  test("does not keep a call from going on", async () => {
    const [ann, bob] = [await talks(here, "ann", place()), await talks(here, "bob", place())];
    await ann.context.grantPermissions(["camera", "microphone"]);
    await calls(ann);
    await bob.button("Answer").click();
    await panel(bob).getByText("may use your microphone. Choose “Allow”: it waits for your answer.").waitFor();
    for (const person of [ann, bob]) await panel(person).getByText(/^\d\d:\d\d$/).waitFor();
    await meets(bob, { others: 1, pictures: 0 });
    expect(await state(bob)).toBe("prompt");
  });
});
