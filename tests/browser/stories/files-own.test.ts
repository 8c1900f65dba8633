/** One's own files: brought here, put in order, thrown away and brought back. */
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { doesWith, drops, folderWith, goesTo, item, png, text, uploads } from "../world/files";
import { PASSWORD } from "../world/person";
import { world } from "../world/story";

const here = world();

test("a folder of the system is uploaded with all that is in it", async () => {
  const ann = await here.comes("ann", {}, "/files");
  const folder = await folderWith("Holiday", { "list.txt": "towels", "maps/north.txt": "up", "maps/south.txt": "down" });
  await ann.field("Folder to upload").setInputFiles(folder);
  await item(ann, "Holiday").dblclick();
  await item(ann, "list.txt").waitFor();
  await item(ann, "maps").dblclick();
  await item(ann, "north.txt").waitFor();
  await item(ann, "south.txt").waitFor();
  await ann.page.getByRole("navigation", { name: "Where you are" }).getByRole("link", { name: "Holiday" }).click();
  await item(ann, "list.txt").waitFor();
});

test("a file is renamed, moved, thrown away, and brought back", async () => {
  const ann = await here.comes("ann", {}, "/files");
  await uploads(ann, text("draft.txt", "First words"));

  await item(ann, "draft.txt").click();
  await ann.page.keyboard.press("F2");
  await ann.dialog.getByLabel("Name").fill("letter.txt");
  await ann.page.keyboard.press("Enter");
  await item(ann, "letter.txt").waitFor();

  await ann.button("New").click();
  await ann.page.getByRole("menuitem", { name: "New folder" }).click();
  await ann.dialog.getByLabel("Name").fill("Letters");
  await ann.dialog.getByRole("button", { name: "Green" }).click();
  await ann.dialog.getByRole("button", { name: "Make folder" }).click();
  await item(ann, "Letters").waitFor();

  await doesWith(ann, "letter.txt", "Move to…");
  await ann.dialog.getByRole("button", { name: "Letters", exact: true }).click();
  await ann.dialog.getByRole("button", { name: "Move here" }).click();
  await item(ann, "letter.txt").waitFor({ state: "detached" });
  await item(ann, "Letters").dblclick();
  await item(ann, "letter.txt").waitFor();

  await item(ann, "letter.txt").click();
  await ann.page.keyboard.press("Delete");
  await item(ann, "letter.txt").waitFor({ state: "detached" });
  const trashed = ann.page.locator("[data-sonner-toast]").filter({ hasText: "is in the trash" });
  await trashed.getByRole("button", { name: "Undo" }).click();
  await item(ann, "letter.txt").waitFor();

  await doesWith(ann, "letter.txt", "Move to trash");
  await item(ann, "letter.txt").waitFor({ state: "detached" });
  await goesTo(ann, "Trash");
  await doesWith(ann, "letter.txt", "Restore");
  await item(ann, "letter.txt").waitFor({ state: "detached" });
  await goesTo(ann, "My files");
  await item(ann, "Letters").dblclick();
  await item(ann, "letter.txt").waitFor();
});

test("what is in the trash goes for good when one says so", async () => {
  const ann = await here.comes("ann", {}, "/files");
  await uploads(ann, text("old.txt", "long ago"), text("older.txt", "longer ago"));
  await item(ann, "old.txt").click();
  await item(ann, "older.txt").click({ modifiers: ["Control"] });
  await ann.sees("2 items chosen");
  await ann.page.getByRole("toolbar", { name: "What is chosen" }).getByRole("button", { name: "Move to trash" }).click();
  await goesTo(ann, "Trash");
  await doesWith(ann, "old.txt", "Delete for good…");
  await ann.dialog.getByRole("button", { name: "Delete for good" }).click();
  await item(ann, "old.txt").waitFor({ state: "detached" });
  await ann.button("Empty the trash").click();
  await ann.dialog.getByRole("button", { name: "Empty the trash" }).click();
  await ann.sees("The trash is empty");
});

test("a file of the same name is replaced, and what it was before can be brought back", async () => {
  const ann = await here.comes("ann", {}, "/files");
  await uploads(ann, text("plan.txt", "the first plan"));
  await drops(ann.page, ann.page.getByRole("region", { name: "My files" }), text("plan.txt", "a better plan, longer"));
  await ann.dialog.getByRole("button", { name: "Replace it" }).click();
  await ann.sees("21 bytes");
  await doesWith(ann, "plan.txt", "Versions…");
  await ann.dialog.getByText("Version 2").waitFor();
  await ann.dialog.getByRole("button", { name: "Restore version 1" }).click();
  await ann.dialog.getByText("Version 3").waitFor();
  await ann.dialog.getByRole("button", { name: "Close" }).click();
  await item(ann, "plan.txt").dblclick();
  await ann.dialog.getByText("the first plan").waitFor();
  await ann.page.keyboard.press("Escape");

  await ann.field("Files to upload").setInputFiles([text("plan.txt", "another one")]);
  await ann.dialog.getByRole("button", { name: "Keep both" }).click();
  await item(ann, "plan (2).txt").waitFor();
});

test("the keys go through the list, choose, and open", async () => {
  const bob = await here.comes("bob", {}, "/files");
  await uploads(bob, text("a.txt", "the letter A"), text("b.txt", "the letter B"), text("c.txt", "the letter C"));
  await item(bob, "a.txt").click();
  await bob.page.keyboard.press("ArrowDown");
  await expect.poll(() => item(bob, "b.txt").getAttribute("aria-selected")).toBe("true");
  await bob.page.keyboard.press("Shift+ArrowDown");
  await bob.sees("2 items chosen");
  await bob.page.keyboard.press("Control+a");
  await bob.sees("3 items chosen");
  await bob.page.keyboard.press("Escape");
  await bob.page.getByText("items chosen").waitFor({ state: "detached" });
  await bob.page.keyboard.press("ArrowUp");
  await bob.page.keyboard.press("Enter");
  await bob.dialog.getByText("the letter B").waitFor();
});

test("files are found by name, from the palette too, and stars gather what one needs", async () => {
  const bob = await here.comes("bob", {}, "/files");
  await uploads(bob, text("needle.txt", "sharp"), png("sky.png", 80, 60, [90, 160, 230]));
  await doesWith(bob, "sky.png", "Add star");
  await goesTo(bob, "Starred");
  await item(bob, "sky.png").waitFor();
  await bob.page.getByRole("searchbox", { name: "Search files" }).fill("needl");
  await item(bob, "needle.txt").waitFor();
  expect(await item(bob, "sky.png").count()).toBe(0);
  await bob.page.getByRole("searchbox", { name: "Search files" }).fill("sky");
  await item(bob, "sky.png").waitFor();
  await bob.page.goBack();
  await item(bob, "needle.txt").waitFor();
  expect(await bob.page.getByRole("searchbox", { name: "Search files" }).inputValue()).toBe("needl");
  await doesWith(bob, "needle.txt", "Show in its folder");
  await item(bob, "sky.png").waitFor();
  await bob.page.keyboard.press("Control+k");
  await bob.page.getByRole("combobox").fill("needle");
  await bob.page.getByRole("option", { name: "needle.txt" }).click();
  await bob.dialog.getByText("sharp").waitFor();
});

test("what is done at one device is seen at the other", async () => {
  const [desk, phone] = await Promise.all([here.comes("cleo", {}, "/files"), here.comes("cleo", { phone: true }, "/files")]);
  await uploads(desk, text("shared-list.txt", "milk"));
  await item(phone, "shared-list.txt").waitFor();
  await doesWith(desk, "shared-list.txt", "Move to trash");
  await item(phone, "shared-list.txt").waitFor({ state: "detached" });
});

test("on a phone a finger opens, and one that rests chooses", async () => {
  const api = await Api.signIn(here.server, "cleo", PASSWORD);
  await api.upload(text("touch.txt", "with a finger"));
  const cleo = await here.comes("cleo", { phone: true }, "/files");
  await item(cleo, "touch.txt").tap();
  await cleo.dialog.getByText("with a finger").waitFor();
  await cleo.dialog.getByRole("button", { name: "Close" }).tap();
  const row = item(cleo, "touch.txt");
  const touch = { pointerType: "touch", pointerId: 1, isPrimary: true, bubbles: true };
  await row.dispatchEvent("pointerdown", touch);
  await cleo.sees("1 item chosen");
  await row.dispatchEvent("pointerup", touch);
});
