/** Microphones and cameras that are missing, forbidden, or allowed only later: a meeting is possible all the same. */
import { beforeAll, describe, expect, test } from "vitest";
import { ALLOWED, asksIn, AUTOPLAY, DEVICES, isIn, isWatched, makeRoom, meets, openDevices, type Room, tile } from "../world/meeting";
import type { Person } from "../world/person";
import { type World, world } from "../world/story";

/** A room into which everybody may come at once. */
function openRoom(here: World): () => Room {
  let room: Room | undefined;
  beforeAll(async () => {
    room = await makeRoom(here.server, "ann", { lobby: "off" });
  });
  return () => {
    if (room === undefined) throw new Error("it is made when the server is there");
    return room;
  };
}

/** Opens the link of a meeting, and gets ready. */
async function getsReady(person: Person, room: Room, name: string): Promise<void> {
  await isWatched(person);
  await person.open(room.link);
  await person.field("Your name").fill(name);
}

const alert = (person: Person, text: RegExp) => person.page.getByRole("alert").filter({ hasText: text });

describe("devices that the browser was told not to give", () => {
  const here = world({ flags: [...DEVICES, AUTOPLAY] });
  const room = openRoom(here);

  test("are explained, are not needed, and are taken up once they are allowed", async () => {
    const [bo, di] = [await here.arrives(), await here.arrives()];
    await bo.context.grantPermissions([]);
    await di.context.grantPermissions(["camera", "microphone"]);
    await getsReady(bo, room(), "Bo Guest");
    await alert(bo, /does not let this page use your microphone and camera/).waitFor();
    await bo.button("Join").click();
    await isIn(bo);
    await getsReady(di, room(), "Di Guest");
    await di.button("Join").click();
    await isIn(di);
    // Who has no device sees and hears others all the same.
    await meets(bo, { others: 1 });
    await meets(di, { others: 1, pictures: 0, sounds: 0 });

    await bo.context.grantPermissions(["camera", "microphone"]);
    await bo.page.keyboard.press("v");
    await bo.page.keyboard.press("m");
    await meets(di, { others: 1 });
  });

  test("open by themselves on the page before the door when somebody changes their mind", async () => {
    const bo = await here.arrives();
    await bo.context.grantPermissions([]);
    await getsReady(bo, room(), "Bo Guest");
    await alert(bo, /your microphone/).waitFor();
    await bo.context.grantPermissions(["camera", "microphone"]);
    await alert(bo, /your microphone/).waitFor({ state: "detached" });
    await bo.page.getByRole("meter", { name: "How loud you are" }).waitFor();
    await expect.poll(() => openDevices(bo)).toBe(2);
  });

  test("a question that waits is not taken for a device that starts, and what is allowed late comes along", async () => {
    const [bo, di] = [await here.arrives(), await here.arrives()];
    for (const person of [bo, di]) await person.context.grantPermissions(["camera", "microphone"]);
    // A browser without a screen answers its own questions: here it waits for a person, as one with a screen does.
    await bo.context.addInitScript(() => {
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      const answered = new Promise<void>((resolve) => Object.assign(window, { allow: resolve }));
      mediaDevices.getUserMedia = (wanted) => answered.then(() => ask(wanted));
    });
    await getsReady(bo, room(), "Bo Guest");
    await bo.sees(/Your browser may ask.*Choose “Allow”/);
    await bo.button("Join").click();
    await isIn(bo);
    await getsReady(di, room(), "Di Guest");
    await di.button("Join").click();
    await isIn(di);
    await tile(di, "Bo Guest").waitFor();
    await bo.page.evaluate(() => (window as unknown as { allow(): void }).allow());
    await meets(di, { others: 1 });
  });
});

describe("a browser that refuses every time", () => {
  const here = world({ flags: [...DEVICES, `${ALLOWED}=deny`, AUTOPLAY] });
  const room = openRoom(here);

  test("says what to do, step by step, and comes in without", async () => {
    const bo = await here.arrives({ phone: true });
    await getsReady(bo, room(), "Bo Guest");
    await alert(bo, /your microphone/).getByRole("listitem").first().waitFor();
    await bo.button("Try again").first().click();
    await alert(bo, /your microphone/).waitFor();
    await bo.button("Join").click();
    await isIn(bo);
    expect(await openDevices(bo)).toBe(0);
  });
});

describe("a machine with a microphone and no camera", () => {
  const here = world({ flags: ["--use-fake-device-for-media-stream=device-count=0", "--allow-loopback-in-peer-connection", ALLOWED, AUTOPLAY] });
  const room = openRoom(here);

  test("is heard, and says that there is no camera", async () => {
    const [bo, di] = [await here.arrives(), await here.arrives()];
    await getsReady(bo, room(), "Bo Guest");
    await alert(bo, /There is no camera/).waitFor();
    await bo.page.getByRole("meter", { name: "How loud you are" }).waitFor();
    await bo.button("Join").click();
    await isIn(bo);
    await asksIn(di, room(), "Di Guest");
    await isIn(di);
    await meets(bo, { others: 1, pictures: 0 });
  });
});

describe("a machine without any device", () => {
  // Made-up devices always have a microphone: this is the machine itself, which must have none for this.
  const here = world({ flags: ["--allow-loopback-in-peer-connection", ALLOWED, AUTOPLAY] });
  const room = openRoom(here);

  test("says so, and its person is in the meeting with a name", async () => {
    const [bo, di] = [await here.arrives(), await here.arrives()];
    await getsReady(bo, room(), "Bo Guest");
    await alert(bo, /There is no microphone and no camera/).waitFor();
    await bo.button("Join").click();
    await isIn(bo);
    await asksIn(di, room(), "Di Guest");
    await isIn(di);
    await tile(di, "Bo Guest").waitFor();
    await tile(bo, "Di Guest").waitFor();
  });
});
