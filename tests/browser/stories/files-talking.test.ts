/** Files in conversations. */
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { drops, noise, png, text } from "../world/files";
import { PASSWORD, type Person } from "../world/person";
import { world } from "../world/story";

const here = world();

async function both(): Promise<[Person, Person, string]> {
  const [ann, bob] = await Promise.all(["ann", "bob"].map((name) => Api.signIn(here.server, name, PASSWORD)));
  if (!ann || !bob) throw new Error("both are there");
  const made = await ann.post("/conversations", { client_id: crypto.randomUUID(), kind: "direct", member_ids: [bob.id] });
  const place = `/c/${made.id ?? made.conversation.id}`;
  const [one, other] = await Promise.all([here.comes("ann", {}, place), here.comes("bob", {}, place)]);
  return [one, other, made.id ?? made.conversation.id];
}

test("a picture and a text that are sent are seen by the other, and open as large as the screen", async () => {
  const [ann, bob] = await both();
  await ann.field("Files to attach").setInputFiles([
    png("garden.png", 640, 360, [70, 150, 80]),
    text("list.txt", "Seeds, soil, a spade"),
  ]);
  await ann.page.getByRole("list", { name: "Files that go with the message" }).getByText("garden.png").waitFor();
  await ann.write("What we need");
  const message = bob.message("What we need");
  await message.getByRole("button", { name: "Open garden.png" }).waitFor();
  const box = await message.getByRole("button", { name: "Open garden.png" }).boundingBox();
  expect(Math.round(((box?.width ?? 0) / (box?.height ?? 1)) * 10)).toBe(18);
  await message.getByRole("button", { name: "Open garden.png" }).click();
  await bob.dialog.getByRole("img", { name: "garden.png" }).waitFor();
  await bob.page.keyboard.press("ArrowRight");
  await bob.dialog.getByText("Seeds, soil, a spade").waitFor();
  await bob.page.keyboard.press("Escape");
  expect(await ann.page.getByRole("list", { name: "Files that go with the message" }).count()).toBe(0);
});

test("a message may be only files, and is sent when they are there", async () => {
  const [ann, bob] = await both();
  const session = await ann.context.newCDPSession(ann.page);
  await session.send("Network.enable");
  const limits = { offline: false, latency: 0, downloadThroughput: -1 };
  await session.send("Network.emulateNetworkConditions", { ...limits, uploadThroughput: 1024 * 1024 });
  await drops(ann.page, ann.log, noise("slow.bin", 3 * 1024 * 1024));
  await ann.button("Send").click();
  await ann.sees("It is sent when the files are there.");
  await session.send("Network.emulateNetworkConditions", { ...limits, uploadThroughput: -1 });
  await bob.log.getByRole("button", { name: /slow\.bin/ }).first().waitFor();
  await bob.row("Ann Lee").getByText("slow.bin").waitFor();
});

test("what is in one's files already is attached from there, and a file that is gone says so", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const id = await api.upload(text("minutes.txt", "We met at noon"));
  const [ann, bob] = await both();
  await ann.button("Attach files").click();
  await ann.page.getByRole("menuitem", { name: "From my files" }).click();
  await ann.dialog.getByRole("button", { name: /minutes\.txt/ }).click();
  await ann.dialog.getByRole("button", { name: "Attach 1 file" }).click();
  await ann.write("As agreed");
  await bob.message("As agreed").getByRole("button", { name: /^minutes\.txt/ }).click();
  await bob.dialog.getByText("We met at noon").waitFor();
  await bob.page.keyboard.press("Escape");
  await api.delete(`/files/${id}`);
  await bob.page.reload();
  await bob.message("As agreed").getByText("This file is not here any more.").waitFor();
});
