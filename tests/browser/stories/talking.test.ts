/** Two people talk. Each sees what the other does, without asking for it. */
import { expect, test } from "vitest";
import { Api } from "../world/api";
import { PASSWORD, type Person } from "../world/person";
import { GENERAL } from "../world/server";
import { world } from "../world/story";

const here = world();
const IN_GENERAL = `/c/${GENERAL}`;

async function both(): Promise<[Person, Person]> {
  return Promise.all([here.comes("ann", {}, IN_GENERAL), here.comes("bob", {}, IN_GENERAL)]);
}

test("a message appears at the other's, and Shift and Enter begin a line", async () => {
  const [ann, bob] = await both();
  await ann.composer.fill("one line");
  await ann.composer.press("Shift+Enter");
  await ann.page.keyboard.type("and another");
  await ann.composer.press("Enter");
  await bob.message("one line").waitFor();
  await bob.message("and another").waitFor();
  expect(await ann.composer.inputValue()).toBe("");
});

test("Enter while an input method composes sends nothing", async () => {
  const ann = await here.comes("ann", {}, IN_GENERAL);
  await ann.composer.fill("かな");
  await ann.composer.evaluate((box) =>
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, isComposing: true })),
  );
  expect(await ann.composer.inputValue()).toBe("かな");
  expect(await ann.message("かな").count()).toBe(0);
});

test("an edit, a reaction and a deletion are seen by the other", async () => {
  const [ann, bob] = await both();
  await ann.write("Lunhc at noon?");
  await bob.message("Lunhc at noon?").waitFor();
  // The arrow up in an empty box edits one's last message.
  await ann.composer.press("ArrowUp");
  await ann.composer.fill("Lunch at noon?");
  await ann.composer.press("Enter");
  await bob.message("Lunch at noon?").waitFor();
  expect(await bob.message("Lunhc").count()).toBe(0);

  await bob.message("Lunch at noon?").hover();
  const toolbar = bob.message("Lunch at noon?").getByRole("toolbar");
  const emoji = toolbar.getByRole("button", { name: /^React with (?!another)/ }).first();
  const chosen = ((await emoji.getAttribute("aria-label")) ?? "").replace("React with ", "");
  await emoji.click();
  await ann.message("Lunch at noon?").getByRole("button", { name: `${chosen} 1: Bob Stone` }).waitFor();

  await ann.does("Delete…", "Lunch at noon?");
  await ann.page.getByRole("alertdialog").or(ann.dialog).getByRole("button", { name: "Delete" }).click();
  await bob.message("Lunch at noon?").waitFor({ state: "detached" });
  await bob.message("This message was deleted.").first().waitFor();
});

test("a reply quotes what it answers, and a thread stays beside the conversation", async () => {
  const [ann, bob] = await both();
  await ann.write("Who has the key?");
  await bob.message("Who has the key?").waitFor();
  await bob.does("Reply", "Who has the key?");
  await bob.write("I do.");
  await ann.message("I do.").filter({ hasText: "Who has the key?" }).waitFor();

  await bob.does("Reply in a thread", "I do.");
  const thread = bob.page.getByRole("complementary", { name: "Thread" });
  await thread.getByRole("textbox", { name: "Reply in this thread" }).fill("It hangs in the shed.");
  await thread.getByRole("textbox").press("Enter");
  await thread.getByText("It hangs in the shed.").waitFor();
  await ann.message("I do.").getByRole("button", { name: /1 reply/ }).click();
  await ann.page.getByRole("complementary", { name: "Thread" }).getByText("It hangs in the shed.").waitFor();
});

test("what is unread is counted on all devices of a person, and read on all once it is read on one", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const group = await api.post("/conversations", {
    client_id: crypto.randomUUID(),
    kind: "group",
    title: "Books",
    member_ids: [(await Api.signIn(here.server, "bob", PASSWORD)).id],
  });
  const id = group.id ?? group.conversation.id;
  const [desk, phone] = await Promise.all([here.comes("bob"), here.comes("bob", { phone: true })]);
  await api.say(id, "first");
  await api.say(id, "second");
  for (const device of [desk, phone]) await device.row("Books").getByText(/^2/).first().waitFor();
  await desk.row("Books").getByRole("link").click();
  await desk.message("second").waitFor();
  await phone.row("Books").getByText("unread").waitFor({ state: "detached" });
});

test("the escape key closes what stands beside a conversation, and then marks it as read where one is further up", async () => {
  const ann = await Api.signIn(here.server, "ann", PASSWORD);
  const bob = await Api.signIn(here.server, "bob", PASSWORD);
  const { id } = await ann.post("/conversations", { client_id: crypto.randomUUID(), kind: "group", title: "Walks", member_ids: [bob.id] });
  for (let index = 1; index <= 45; index += 1) await ann.say(id, `walk number ${index}`);
  const other = await here.comes("bob", {}, `/c/${id}`);
  const news = other.button(/new messages$/);
  await news.waitFor();
  await other.button("Details").click();
  await other.composer.click();
  await other.page.keyboard.press("Escape");
  await other.page.getByRole("complementary", { name: "Details" }).waitFor({ state: "detached" });
  expect(await news.count()).toBe(1);
  await other.page.keyboard.press("Escape");
  await news.waitFor({ state: "detached" });
  await other.button("Jump to latest").waitFor();
});

test("what is written while a conversation is on its way is in it", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const bob = await Api.signIn(here.server, "bob", PASSWORD);
  const { id } = await api.post("/conversations", { client_id: crypto.randomUUID(), kind: "group", title: "Rowing", member_ids: [bob.id] });
  await api.say(id, "The lake is calm");
  const other = await here.arrives();
  let arrive: () => void = () => {};
  const way = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const answered = new Promise<void>((resolve) => {
    void other.context.route(`**/api/v1/conversations/${id}/snapshot`, async (route) => {
      const answer = await route.fetch();
      resolve();
      await way;
      await route.fulfill({ response: answer });
    });
  });
  await other.signIn("bob", PASSWORD, `/c/${id}`);
  await answered;
  await api.say(id, "Now there is wind");
  await other.row("Rowing").getByText("Now there is wind").waitFor();
  arrive();
  await other.message("The lake is calm").waitFor();
  await other.message("Now there is wind").waitFor();
  await other.row("Rowing").getByText("Now there is wind").waitFor();
});

test("who types is shown to the other, and who is there", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  const bob = await Api.signIn(here.server, "bob", PASSWORD);
  const made = await api.post("/conversations", {
    client_id: crypto.randomUUID(),
    kind: "direct",
    member_ids: [bob.id],
  });
  const place = `/c/${made.id ?? made.conversation.id}`;
  const [ann, other] = await Promise.all([here.comes("ann", {}, place), here.comes("bob", {}, place)]);
  await ann.page.getByRole("main").getByText("Online").first().waitFor();
  await other.composer.pressSequentially("I am writing");
  await ann.page.getByText("Bob Stone is typing…").waitFor();
  await other.context.close();
  await ann.page.getByRole("main").getByText(/Offline|Last seen|Away/).first().waitFor({ timeout: 60_000 });
});

test("search jumps to its message, among those around it", async () => {
  const api = await Api.signIn(here.server, "ann", PASSWORD);
  await api.say(GENERAL, "The secret word is zucchini");
  for (let index = 0; index < 70; index += 1) await api.say(GENERAL, `one of many, number ${index}`);
  const bob = await here.comes("bob", {}, "/search");
  await bob.page.getByRole("searchbox", { name: "Search messages and people" }).fill("zucchini");
  await bob.page.getByRole("link", { name: /zucchini/ }).click();
  await bob.message("The secret word is zucchini").waitFor();
  expect(await bob.message("number 69").count()).toBe(0);
  await bob.button(/Jump to latest|new message/).click();
  await bob.message("number 69").waitFor();
});

test("who jumps elsewhere while older messages are on their way finds no hole between the two", async () => {
  const ann = await Api.signIn(here.server, "ann", PASSWORD);
  const bob = await Api.signIn(here.server, "bob", PASSWORD);
  const { id } = await ann.post("/conversations", { client_id: crypto.randomUUID(), kind: "group", title: "Stairs", member_ids: [bob.id] });
  const places: number[] = [];
  for (let index = 0; index < 200; index += 1) places.push((await ann.say(id, `step ${index}.`)).seq);
  const other = await here.arrives();
  let arrive: () => void = () => {};
  const way = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await other.context.route(/[?&]before=/, async (route) => {
    const answer = await route.fetch();
    await way;
    await route.fulfill({ response: answer });
  });
  const asked = other.page.waitForRequest(/[?&]before=/);
  await other.signIn("bob", PASSWORD, `/c/${id}/m/${places[100]}`);
  await other.message("step 100.").waitFor();
  // As a person does: only that ends a jump, which keeps its message in the middle for a while.
  const turnUp = async (pixels: number) => {
    await other.log.hover();
    await other.page.mouse.wheel(0, -pixels);
  };
  await turnUp(100_000);
  const late = (await asked).response();
  await other.page.evaluate((hash) => location.assign(hash), `#/c/${id}/m/${places[180]}`);
  await other.message("step 180.").waitFor();
  arrive();
  await late;
  // A few rows at a time, so that none that is there is passed unseen.
  const comesTo150 = async () => {
    await turnUp(200);
    return other.message("step 150.").count();
  };
  await expect.poll(comesTo150, { timeout: 15_000 }).toBe(1);
});
