/** Ways in and out. */
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { PASSWORD } from "../world/person";
import { world } from "../world/story";

const here = world();

test("who signs out is out, also after going back, and who signs in is where they wanted to be", async () => {
  const ann = await here.comes("ann", {}, "/people");
  await ann.page.getByRole("heading", { name: "People", level: 1 }).waitFor();
  await ann.page.getByRole("link", { name: "Activity" }).click();
  await ann.page.getByRole("heading", { name: "Activity", level: 1 }).waitFor();
  await ann.page.getByRole("button", { name: /account and status/ }).click();
  await ann.page.getByRole("menuitem", { name: "Sign out" }).click();
  await ann.button("Sign in").waitFor();
  // The page is loaded anew meanwhile, which would end a navigation that is waited for.
  await ann.page.evaluate(() => history.back());
  await ann.button("Sign in").waitFor();
  expect(await ann.page.getByRole("navigation", { name: "Places" }).count()).toBe(0);
});

test("a wrong password is said in words, and what was typed stays", async () => {
  const bob = await here.arrives();
  await bob.open();
  await bob.field("Username").fill("bob");
  await bob.field("Password").fill("not this one");
  await bob.field("Password").press("Enter");
  await bob.page.getByRole("alert").waitFor();
  expect(await bob.field("Username").inputValue()).toBe("bob");
  await bob.field("Password").fill(PASSWORD);
  await bob.field("Password").press("Enter");
  await bob.seesList();
});

test("a device that is signed out from another one lands on the sign-in page by itself", async () => {
  const lost = await here.comes("cleo", { phone: true });
  const cleo = await here.comes("cleo", {}, "/settings/devices");
  await cleo.button("Sign out all others").click();
  await cleo.dialog.or(cleo.page.getByRole("alertdialog")).getByRole("button", { name: "Sign out" }).click();
  await lost.button("Sign in").waitFor();
  await cleo.sees("You are signed in nowhere else.");
});

test("by an invite link into a group a newcomer begins in that group", async () => {
  const ann = await Api.signIn(here.server, "ann", PASSWORD);
  const client_id = crypto.randomUUID();
  const group = await ann.post("/conversations", { client_id, kind: "group", title: "Garden party", icon: "🌿" });
  const { link } = await ann.post("/invites", { conversation_id: group.id });
  const dana = await here.arrives();
  await dana.open(link);
  await dana.sees("Garden party");
  await dana.field("Your name").fill("Dana Reed");
  await dana.field("Username").fill("dana");
  await dana.field("Password").fill(PASSWORD);
  await dana.button("Create account and join").click();
  await dana.page.getByRole("textbox", { name: "Message Garden party" }).waitFor();
});

test("a link that is not good any more says so, and leads on", async () => {
  const late = await here.arrives();
  await late.open("/join#rony_invite_nothing");
  await late.sees("This link does not work");
  await late.button("Sign in").click();
  await late.field("Username").waitFor();
});
