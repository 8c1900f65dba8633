/** Groups and whom one does not want to hear from. */
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { PASSWORD, type Person } from "../world/person";
import { GENERAL } from "../world/server";
import { world } from "../world/story";

const here = world();

/** Takes the one person whom these letters find. */
async function picks(person: Person, name: string): Promise<void> {
  await person.dialog.getByRole("combobox").fill(name);
  await person.dialog.getByRole("option", { name }).click();
}

test("a group is made, filled and governed, and who is removed loses sight of it at once", async () => {
  const [ann, bob] = [await here.comes("ann"), await here.comes("bob")];
  await ann.button("New conversation").click();
  await ann.page.getByRole("menuitem", { name: "Start a group" }).click();
  await ann.field("Name").fill("Choir");
  await ann.dialog.getByRole("button", { name: "Start group" }).click();
  await ann.write("Who sings?");

  await ann.button("Details").click();
  await ann.button("Add").click();
  await picks(ann, "Bob Stone");
  await ann.dialog.getByRole("button", { name: "Add" }).click();
  await bob.row("Choir").getByRole("link").click();
  await bob.message("Who sings?").waitFor();
  await bob.button("Details").click();
  expect(await bob.button("Add").count()).toBe(0);

  await ann.button("More for Bob Stone").click();
  await ann.page.getByRole("menuitemcheckbox", { name: "Admin" }).or(ann.page.getByRole("menuitemradio", { name: "Admin" })).click();
  await bob.button("Add").waitFor();

  await ann.button("More for Bob Stone").click();
  await ann.page.getByRole("menuitem", { name: "Remove…" }).click();
  await ann.page.getByRole("alertdialog").or(ann.dialog).getByRole("button", { name: "Remove" }).click();
  await bob.row("Choir").waitFor({ state: "detached" });
  await bob.sees("This conversation is not here");
  expect(await bob.page.getByText("Who sings?").count()).toBe(0);
});

test("an invite link into a group is made in its details, and ended there", async () => {
  const ann = await here.comes("ann");
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const { id } = await api.post("/conversations", { client_id: crypto.randomUUID(), kind: "group", title: "Boats" });
  await ann.open(`/#/c/${id}`);
  await ann.button("Details").click();
  await ann.button("New link").click();
  await ann.dialog.getByRole("button", { name: "Make invite link" }).click();
  const link = await ann.field("Link").inputValue();
  await ann.dialog.getByRole("button", { name: "Done" }).click();
  const eve = await here.arrives();
  await eve.open(link);
  await eve.field("Your name").fill("Eve Moss");
  await eve.field("Username").fill("eve");
  await eve.field("Password").fill(PASSWORD);
  await eve.button("Create account and join").click();
  await eve.page.getByRole("textbox", { name: "Message Boats" }).waitFor();
  await ann.button("More for Eve Moss").waitFor();
  await ann.button("End").click();
  await ann.sees("A link brings in people who have no account yet.");
  const late = await here.arrives();
  await late.open(link);
  await late.sees("This link does not work");
});

test("who is blocked cannot write directly, and is told so where they tried", async () => {
  const [ann, bob] = await Promise.all(["ann", "bob"].map((name) => Api.signIn(here.server, name, PASSWORD)));
  if (!ann || !bob) throw new Error("both are there");
  const { id } = await ann.post("/conversations", { client_id: crypto.randomUUID(), kind: "direct", member_ids: [bob.id] });
  const [one, other] = [await here.comes("ann", {}, `/people/${bob.id}`), await here.comes("bob", {}, `/c/${id}`)];
  await other.write("hello");
  await one.row("Bob Stone").getByText("hello").waitFor();
  await one.page.getByRole("main").getByRole("button", { name: "More", exact: true }).click();
  await one.page.getByRole("menuitem", { name: "Block…" }).click();
  await one.page.getByRole("alertdialog").or(one.dialog).getByRole("button", { name: "Block" }).click();
  await one.button("Unblock").waitFor();
  await other.write("do you read this?");
  await other.page.getByRole("alert").getByText("Not sent").waitFor();
  await one.button("Unblock").click();
  await one.button("Unblock").waitFor({ state: "detached" });
  await other.button("Try again").click();
  await one.row("Bob Stone").getByText("do you read this?").waitFor();
});

test("a message that was refused says so, and is sent once when it is tried again", async () => {
  const place = `/c/${GENERAL}`;
  const [ann, bob] = [await here.comes("ann", {}, place), await here.comes("bob", {}, place)];
  const address = "**/api/v1/conversations/*/messages";
  await ann.context.route(address, (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 422, contentType: "application/problem+json", body: '{"code":"invalid","detail":"That is not possible today."}' })
      : route.continue(),
  );
  await ann.write("a second try");
  await ann.page.getByRole("alert").getByText("That is not possible today.").waitFor();
  expect(await bob.message("a second try").count()).toBe(0);
  await ann.context.unroute(address);
  await ann.button("Try again").click();
  await bob.message("a second try").waitFor();
  for (const person of [ann, bob]) await expect.poll(() => person.message("a second try").count()).toBe(1);
  await ann.page.getByRole("alert").waitFor({ state: "detached" });
});
