/** Files that others see: people of the server, and whoever has a link. */
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { doesWith, drops, goesTo, item, png, text } from "../world/files";
import { PASSWORD, type Person } from "../world/person";
import { world } from "../world/story";

const here = world();

/** Makes a link in the dialog that is open, and reads it. */
async function link(person: Person, fill: (person: Person) => Promise<void> = async () => {}): Promise<string> {
  await person.dialog.getByRole("button", { name: "Make a link" }).click();
  await fill(person);
  await person.dialog.getByRole("button", { name: "Make link" }).click();
  const shown = person.dialog.getByLabel("Your link");
  await shown.waitFor();
  return shown.inputValue();
}

/** Where a link leads, at the server of the story. */
function at(url: string): string {
  return new URL(url).pathname;
}

test("what is shared with a person is seen by them, and is gone when it is taken back", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const folder = await api.post("/folders", { name: "For Bob" });
  await api.upload(text("recipe.txt", "Two eggs"), folder.id);
  const [ann, bob] = await Promise.all([here.comes("ann", {}, "/files"), here.comes("bob", {}, "/files/shared")]);
  await bob.sees("Nothing is shared with you yet");
  await doesWith(ann, "For Bob", "Share…");
  await ann.dialog.getByRole("searchbox").fill("Bob");
  await ann.dialog.getByRole("button", { name: /Bob Stone/ }).click();
  await ann.dialog.getByRole("list", { name: "Who may see it" }).getByText("Bob Stone").waitFor();

  await item(bob, "For Bob").dblclick();
  await item(bob, "recipe.txt").dblclick();
  await bob.dialog.getByText("Two eggs").waitFor();
  await bob.page.keyboard.press("Escape");
  // They see it, and no more.
  expect(await bob.button("New").count()).toBe(0);

  await ann.dialog.getByLabel("What Bob Stone may do").selectOption("Can edit");
  await bob.button("New").waitFor();
  await ann.dialog.getByRole("button", { name: "Remove Bob Stone" }).click();
  await bob.sees("This is not here");
  await goesTo(bob, "Shared with me");
  await bob.sees("Nothing is shared with you yet");
});

test("a link with a password opens for a stranger, and ends when its time is over", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  await api.upload(png("plan.png", 400, 300, [80, 120, 200]));
  const ann = await here.comes("ann", {}, "/files");
  await doesWith(ann, "plan.png", "Share…");
  const url = await link(ann, async () => {
    await ann.dialog.getByLabel("It works for").selectOption("1 hour");
    await ann.dialog.getByRole("switch", { name: "Ask for a password" }).click();
    await ann.dialog.getByLabel("Password", { exact: true }).fill("blue elephant");
  });

  const stranger = await here.arrives();
  await stranger.open(at(url));
  await stranger.field("Password").fill("red elephant");
  await stranger.button("Open").click();
  await stranger.page.getByRole("alert").waitFor();
  await stranger.field("Password").fill("blue elephant");
  await stranger.button("Open").click();
  await stranger.page.getByRole("img", { name: "plan.png" }).waitFor();
  await stranger.sees("Ann Lee");
  const [download] = await Promise.all([stranger.page.waitForEvent("download"), stranger.button("Download").click()]);
  expect(download.suggestedFilename()).toBe("plan.png");

  // Whoever shared it sees that it was opened.
  await ann.dialog.getByRole("button", { name: "Close" }).click();
  await doesWith(ann, "plan.png", "Share…");
  await ann.dialog.getByRole("button", { name: /^Opened 1 time/ }).click();
  await ann.dialog.getByRole("list", { name: "Openings" }).getByRole("listitem").first().waitFor();

  const { items } = await api.get("/files");
  const id = items.find((one: { name: string }) => one.name === "plan.png").id;
  const soon = new Date(Date.now() + 4_000).toISOString();
  const brief = await api.post(`/files/${id}/shares`, { level: "viewer", name: "", expires_at: soon, log_openings: false });
  const other = await here.arrives();
  await other.open(at(brief.url));
  await other.page.getByRole("img", { name: "plan.png" }).waitFor();
  await other.sees("This link has ended");
  await other.open(at(brief.url));
  await other.sees("This link has ended");
});

test("a link that is taken back, used up, or was never there says so", async () => {
  const api = await Api.signIn(here.server, "bob", PASSWORD);
  const id = await api.upload(text("once.txt", "only once"));
  const bob = await here.comes("bob", {}, "/files");
  await doesWith(bob, "once.txt", "Share…");
  const url = await link(bob, () => bob.dialog.getByLabel("Most downloads").fill("1"));
  const stranger = await here.arrives();
  await stranger.open(at(url));
  await stranger.sees(/1 download left/);
  const [download] = await Promise.all([stranger.page.waitForEvent("download"), stranger.button("Download").click()]);
  await download.path();
  await stranger.open(at(url));
  await stranger.sees("This link is used up");
  // Who goes for the file itself reads the same, not what programs are told.
  await stranger.open(`${at(url)}/download`);
  await stranger.sees("This link is used up");

  const { url: other } = await api.post(`/files/${id}/shares`, { level: "viewer", name: "for you", log_openings: true });
  await stranger.open(at(other));
  await stranger.sees("only once");
  await bob.dialog.getByRole("button", { name: "Close" }).click();
  await doesWith(bob, "once.txt", "Share…");
  await bob.dialog.getByRole("button", { name: "End the link for you" }).click();
  await bob.sees("The link does not work any more.");
  await stranger.page.reload();
  await stranger.sees(/This link (was taken back|does not work)/);
  await stranger.open("/s/nothing-like-that");
  await stranger.sees("This link does not work");
});

test("a stranger goes through a folder, looks at what is in it, and adds to it where the link allows that", async () => {
  const api = await Api.signIn(here.server, "cleo", PASSWORD);
  const folder = await api.post("/folders", { name: "Trip" });
  const inner = await api.post("/folders", { name: "Day one", parent_id: folder.id });
  await api.upload(text("notes.txt", "We left early"), inner.id);
  const { url } = await api.post(`/files/${folder.id}/shares`, { level: "editor", name: "", log_openings: false });
  const stranger = await here.arrives({ phone: true });
  await stranger.open(at(url));
  await item(stranger, "Day one").tap();
  await item(stranger, "notes.txt").tap();
  await stranger.dialog.getByText("We left early").waitFor();
  await stranger.dialog.getByRole("button", { name: "Close" }).tap();
  await stranger.field("Files to upload").setInputFiles([text("mine.txt", "So did we")]);
  await item(stranger, "mine.txt").waitFor();
  const cleo = await here.comes("cleo", {}, `/files/folder/${inner.id}`);
  await item(cleo, "mine.txt").waitFor();
});

test("files that are dropped at a link come to whoever made it, and the stranger sees nothing else", async () => {
  const api = await Api.signIn(here.server, "cleo", PASSWORD);
  const folder = await api.post("/folders", { name: "Inbox" });
  await api.upload(text("secret.txt", "not for strangers"), folder.id);
  const cleo = await here.comes("cleo", {}, "/files");
  await doesWith(cleo, "Inbox", "Share…");
  const url = await link(cleo, async () => {
    await cleo.dialog.getByLabel("What it allows").selectOption("Only put files in, and see nothing");
  });
  const stranger = await here.arrives();
  await stranger.open(at(url));
  await stranger.sees("Give files to Cleo Park");
  expect(await stranger.page.getByText("secret.txt").count()).toBe(0);
  await drops(stranger.page, stranger.page.getByRole("region", { name: "Put files in" }), text("gift.txt", "for you"));
  await stranger.page.getByRole("region", { name: "Uploads" }).getByText("1 file is uploaded").waitFor();
  await cleo.dialog.getByRole("button", { name: "Close" }).click();
  await item(cleo, "Inbox").dblclick();
  await item(cleo, "gift.txt").waitFor();
});
