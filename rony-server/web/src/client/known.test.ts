import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Model } from "@/model/model";
import { forget, Keeper, recall, whoWasHere } from "./known";

function model(me: string, conversations: readonly string[], messages = 3): Model {
  const items = Array.from({ length: messages }, (_, index) => ({ id: `${index}`, ordinal: index + 1 }));
  const timeline = { messages: items, moreBefore: false, moreAfter: false };
  return {
    me: { id: me, display_name: me },
    conversations: new Map(conversations.map((id) => [id, { id }])),
    timelines: new Map(conversations.map((id) => [id, timeline])),
    members: new Map(),
    pins: new Map(),
  } as unknown as Model;
}

/** Keeps it, as the page does a moment later. */
async function kept(keeper: Keeper, now: Model, seen: () => Promise<boolean>): Promise<void> {
  keeper.changed(now);
  await vi.waitFor(async () => expect(await seen()).toBe(true), { timeout: 5_000 });
}

const isHere = (user: string) => async () => (await whoWasHere())?.id === user;

beforeEach(forget);
afterEach(forget);

test("what a person had is there again, with the newest messages of what they visited", async () => {
  const keeper = new Keeper();
  await kept(keeper, model("ann", ["one", "two"], 120), isHere("ann"));
  keeper.stop();
  const again = await recall("ann");
  expect([...(again?.conversations.keys() ?? [])]).toEqual(["one", "two"]);
  expect(again?.timelines.get("one")?.messages.at(-1)?.ordinal).toBe(120);
  expect(again?.timelines.get("one")).toMatchObject({ moreBefore: true, moreAfter: false });
  expect(again?.timelines.get("one")?.messages.length).toBeLessThan(120);
});

test("nobody sees what another person left in the same browser", async () => {
  const ann = new Keeper();
  await kept(ann, model("ann", ["one"]), isHere("ann"));
  ann.stop();
  expect(await recall("bob")).toBeNull();
  const bob = new Keeper();
  await kept(bob, model("bob", ["two"]), isHere("bob"));
  bob.stop();
  expect(await recall("ann")).toBeNull();
  expect([...((await recall("bob"))?.timelines.keys() ?? [])]).toEqual(["two"]);
});

test("a conversation that one is out of is not kept, and after signing out nothing is", async () => {
  const keeper = new Keeper();
  await kept(keeper, model("ann", ["one", "two"]), isHere("ann"));
  const out = model("ann", ["two"]);
  await kept(keeper, out, async () => (await recall("ann"))?.conversations.size === 1);
  expect([...((await recall("ann"))?.timelines.keys() ?? [])]).toEqual(["two"]);
  keeper.stop();
  await forget();
  expect(await whoWasHere()).toBeNull();
});
