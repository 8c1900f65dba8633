/** What an administrator does for the others. */
import { expect, test } from "vitest";
import { PASSWORD } from "../world/person";
import { world } from "../world/story";

const here = world();

test("an invite link that an administrator makes lets a newcomer in", async () => {
  const ann = await here.comes("ann", {}, "/admin/invitations");
  await ann.button(/^Make an invite link/).first().click();
  await ann.dialog.getByRole("button", { name: "Make invite link" }).click();
  const link = await ann.field("Link").inputValue();
  const dana = await here.arrives();
  await dana.open(link);
  await dana.field("Your name").fill("Dana Reed");
  await dana.field("Username").fill("dana");
  await dana.field("Password").fill(PASSWORD);
  await dana.button("Create account and join").click();
  await dana.seesList();
});

test("a reset link that an administrator makes lets somebody choose a new password", async () => {
  const ann = await here.comes("ann", {}, "/admin/people");
  await ann.button("What to do with Bob Stone").click();
  await ann.page.getByRole("menuitem", { name: "Make a reset link" }).click();
  await ann.dialog.getByRole("button", { name: "Make the link" }).click();
  const link = await ann.field("Link").inputValue();
  const bob = await here.arrives();
  await bob.open(link);
  await bob.field("New password").fill("another horse entirely");
  await bob.page.keyboard.press("Enter");
  await bob.seesList();
  const again = await here.arrives();
  await again.signIn("bob", "another horse entirely");
  expect(again.page.url()).toContain("#/");
});

test("who is no administrator is told so", async () => {
  const cleo = await here.comes("cleo", {}, "/admin");
  await cleo.sees("This is for administrators");
});
