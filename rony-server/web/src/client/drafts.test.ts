/** What was begun to be written, with a server that is there or is not. */
import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";

vi.stubGlobal("document", { baseURI: "http://localhost/", querySelector: () => null });
const { Drafts, joined } = await import("./drafts");
const { ApiError } = await import("@/api/client");
const { forget } = await import("./known");

afterEach(forget);

const general = { key: "general", conversation_id: "general" };

/** A server with one draft, that can be away; and pages of a person's on it. */
function server(text = "") {
  const desk = {
    text,
    away: false,
    written: [] as string[],
    changed: [] as string[],
    failures: 0,
    answer<T>(value: T): Promise<T> {
      return desk.away ? Promise.reject(new ApiError("unreachable", "No connection.")) : Promise.resolve(value);
    },
    page: (user = "ann") =>
      new Drafts(user, {
        read: () => desk.answer(desk.text),
        write: async (draft) => {
          await desk.answer(null);
          desk.text = draft.text;
          desk.written.push(draft.text);
        },
        changed: (_, joint) => void desk.changed.push(joint),
        failed: () => {
          desk.failures += 1;
        },
      }),
  };
  return desk;
}

test("of two that were written apart from each other nothing is lost", () => {
  expect(joined("", "here", "")).toBe("here");
  expect(joined("be", "begun", "be")).toBe("begun");
  expect(joined("be", "be", "there")).toBe("there");
  expect(joined("be", "begun", "beside")).toBe("beside\n\nbegun");
  expect(joined("be", "begun", "begun and ended")).toBe("begun and ended");
  expect(joined("be", "begun", "")).toBe("begun");
  expect(joined("be", "", "beside")).toBe("beside");
  expect(joined("be", "", "be")).toBe("");
  expect(joined("be", "be", "")).toBe("");
});

test("what is written goes to the server at once, and is forgotten here", async () => {
  const there = server();
  const page = there.page();
  await page.keep(general, "hello", "");
  expect(there.text).toBe("hello");
  expect(page.has("general")).toBe(false);
});

test("of what is written while one is under way only the newest follows", async () => {
  const there = server();
  const page = there.page();
  await Promise.all(["h", "he", "hel"].map((text) => page.keep(general, text, "")));
  expect(there.text).toBe("hel");
  expect(there.written.length).toBeLessThan(3);
});

test("what is written without the server is brought there later, behind what another device wrote", async () => {
  const there = server("milk");
  const page = there.page();
  there.away = true;
  await page.keep(general, "milk and bread", "milk");
  expect(there.failures).toBe(1);
  expect(page.over(new Map([["general", "milk"]])).get("general")).toBe("milk and bread");
  Object.assign(there, { away: false, text: "eggs" });
  page.retry();
  await vi.waitFor(() => expect(page.has("general")).toBe(false));
  expect(there.text).toBe("eggs\n\nmilk and bread");
  expect(there.changed).toEqual(["eggs\n\nmilk and bread"]);
});

test("the page that is opened next brings what an earlier one could not, for the same person only", async () => {
  const there = server();
  const first = there.page();
  there.away = true;
  await first.keep(general, "in the tunnel", "");
  there.away = false;
  const [bob, next] = [there.page("bob"), there.page()];
  for (const page of [bob, next]) await page.recall();
  expect(bob.has("general")).toBe(false);
  expect(next.has("general")).toBe(true);
  next.retry();
  await vi.waitFor(() => expect(there.text).toBe("in the tunnel"));
  await vi.waitFor(async () => {
    const last = there.page();
    await last.recall();
    expect(last.has("general")).toBe(false);
  });
});

test("a draft of a conversation that one is out of goes", async () => {
  const there = server();
  const page = there.page();
  there.answer = () => Promise.reject(new ApiError("not_a_member", "You are not in it.", {}, 403));
  await page.keep(general, "too late", "");
  expect(page.has("general")).toBe(false);
  expect(there.failures).toBe(0);
});
