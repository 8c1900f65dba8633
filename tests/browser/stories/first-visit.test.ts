/** From nothing to two people who talk, as they do it who have never seen Rony. */
import { describe, expect, test } from "vitest";
import { PASSWORD, type Person } from "../world/person";
import { world } from "../world/story";

const MOST_CLICKS = 8;

/** Fills the form by keys alone: the first field has the focus, the others follow. */
async function fillsIn(person: Person, name: string, username: string): Promise<void> {
  const { keyboard } = person.page;
  await person.field("Your name").waitFor();
  expect(await person.field("Your name").evaluate((field) => field === document.activeElement)).toBe(true);
  await keyboard.type(name);
  await keyboard.press("Tab");
  await keyboard.type(username);
  await keyboard.press("Tab");
  await keyboard.type(PASSWORD);
}

describe.each([
  ["at a desk", { phone: false }],
  ["on phones", { phone: true }],
])("%s", (_, look) => {
  const here = world({ people: false });

  test(`from the setup link two people talk after at most ${MOST_CLICKS} clicks`, async () => {
    const ann = await here.arrives(look);
    await ann.open(here.server.setupLink);
    await fillsIn(ann, "Ann Lee", "ann");
    await ann.click(ann.button("Create account and start"));
    await ann.click(ann.dialog.getByRole("button", { name: "Invite people" }));
    await ann.click(ann.dialog.getByRole("button", { name: "Make invite link" }));
    const link = await ann.field("Link").inputValue();
    await ann.click(ann.dialog.getByRole("button", { name: /^Copy/ }));
    await ann.click(ann.dialog.getByRole("button", { name: "Start chatting" }));
    await ann.write("Hello Bob");
    await ann.message("Hello Bob").waitFor();

    const bob = await here.arrives(look);
    await bob.open(link);
    await fillsIn(bob, "Bob Stone", "bob");
    await bob.click(bob.button("Create account and join"));
    await bob.message("Hello Bob").waitFor();
    await bob.write("Hello Ann");
    await ann.message("Hello Ann").waitFor();
    expect(ann.clicks + bob.clicks).toBeLessThanOrEqual(MOST_CLICKS);
    for (const person of [ann, bob]) expect(person.page.url()).not.toMatch(/setup|join|rony_/);
  });

  test("a setup link that was used says so, and leads to signing in", async () => {
    const late = await here.arrives(look);
    await late.open(here.server.setupLink);
    await fillsIn(late, "Late", "late");
    await late.button("Create account and start").click();
    await late.page.getByRole("alert").waitFor();
  });
});
