/** Events against snapshots: a page that heard what happened shows what a page shows that asked. */
import { expect, test } from "vitest";
import type { ConversationView, Message, Profile } from "@/api/types";
import type { StreamEvent } from "@/sync/wire";
import { fold } from "./fold";
import type { Model } from "./model";

const ME = "me";
const PLACE = "place";

function message(ordinal: number, more: Partial<Message> = {}): Message {
  return {
    id: `message ${ordinal}`,
    client_id: `client ${ordinal}`,
    conversation_id: PLACE,
    sender_id: "bob",
    text: `text ${ordinal}`,
    ordinal,
    seq: ordinal,
    version: 1,
    created_at: "2026-01-01T00:00:00Z",
    ...more,
  } as Message;
}

/** A page on which a conversation with these messages is open. */
function model(messages: Message[] = [], view: Partial<ConversationView> = {}): Model {
  const newest = messages.at(-1);
  const conversation = {
    id: PLACE,
    kind: "group",
    title: "Place",
    head: newest?.seq ?? 0,
    member_count: 2,
    mentions: 0,
    newest_ordinal: newest?.ordinal ?? 0,
    read_ordinal: newest?.ordinal ?? 0,
    unread: 0,
    last_message: newest ?? null,
    role: "member",
    ...view,
  } as unknown as ConversationView;
  return {
    me: { id: ME, display_name: "Me" } as Profile,
    conversations: new Map([[PLACE, conversation]]),
    contacts: new Map(),
    people: new Map(),
    notifications: new Map(),
    drafts: new Map(),
    ownPresence: {} as Model["ownPresence"],
    doNotDisturb: {} as Model["doNotDisturb"],
    timelines: new Map([[PLACE, { messages, moreBefore: false, moreAfter: false }]]),
    members: new Map([[PLACE, []]]),
    pins: new Map([[PLACE, []]]),
    presence: new Map(),
    typing: new Map(),
    marks: new Map(),
  };
}

function happen(before: Model, ...events: object[]): Model {
  return events.reduce<Model>((now, event) => fold(now, PLACE, event as StreamEvent), before);
}

const posted = (what: Message) => ({ type: "message.posted", seq: what.seq, message: what });
const view = (now: Model) => now.conversations.get(PLACE) as ConversationView;
const texts = (now: Model) => now.timelines.get(PLACE)?.messages.map(({ text }) => text);

test("somebody's message is shown, is the last one, and is unread", () => {
  const now = happen(model([message(1)]), posted(message(2)));
  expect(texts(now)).toEqual(["text 1", "text 2"]);
  expect(view(now)).toMatchObject({ unread: 1, newest_ordinal: 2, mentions: 0 });
  expect(view(now).last_message?.id).toBe("message 2");
});

test("one's own message is read", () => {
  const now = happen(model([message(1)]), posted(message(2, { sender_id: ME })));
  expect(view(now).unread).toBe(0);
});

test("a mention is counted until it is read", () => {
  const mention = message(2, { mentions: { all: false, users: [ME] } as Message["mentions"] });
  const told = happen(model([message(1)]), posted(mention), posted(message(3)));
  expect(view(told)).toMatchObject({ unread: 2, mentions: 1 });
  const read = happen(told, { type: "read.moved", seq: 9, conversation_id: PLACE, ordinal: 2 });
  expect(view(read)).toMatchObject({ unread: 1, mentions: 0 });
});

test("a read mark never goes back", () => {
  const read = happen(model([message(1), message(2)]), {
    type: "read.moved",
    seq: 9,
    conversation_id: PLACE,
    ordinal: 1,
  });
  expect(view(read)).toMatchObject({ unread: 0, read_ordinal: 2 });
});

test("the same event twice is one message", () => {
  const now = happen(model([message(1)]), posted(message(2)), posted(message(2)));
  expect(texts(now)).toEqual(["text 1", "text 2"]);
  expect(view(now).unread).toBe(1);
});

test("an edit takes the place of the message, and an older version does not come back", () => {
  const edited = { type: "message.edited", seq: 3, message: message(2, { text: "better", version: 3 }) };
  const older = { type: "message.edited", seq: 4, message: message(2, { text: "worse", version: 2 }) };
  const now = happen(model([message(1), message(2)]), edited, older);
  expect(texts(now)).toEqual(["text 1", "better"]);
  expect(view(now).last_message?.text).toBe("better");
});

test("a deleted mention is no mention any more", () => {
  const mention = message(2, { mentions: { all: true, users: [] } as unknown as Message["mentions"] });
  const deleted = message(2, { text: "", version: 2, deleted_at: "2026-01-02T00:00:00Z" });
  const now = happen(model([message(1)]), posted(mention), { type: "message.deleted", seq: 3, message: deleted });
  expect(view(now).mentions).toBe(0);
});

test("pins come and go, and go with their message", () => {
  const pin = { type: "pin.added", seq: 3, message_id: "message 1", user_id: "bob", message: message(1) };
  const pinned = happen(model([message(1)]), pin, pin);
  expect(pinned.pins.get(PLACE)).toHaveLength(1);
  const gone = message(1, { text: "", version: 2, deleted_at: "2026-01-02T00:00:00Z" });
  expect(happen(pinned, { type: "message.deleted", seq: 4, message: gone }).pins.get(PLACE)).toEqual([]);
  expect(
    happen(pinned, { type: "pin.removed", seq: 4, message_id: "message 1", user_id: "bob" }).pins.get(PLACE),
  ).toEqual([]);
});

test("who joins is a member, and who is put out oneself sees nothing of it any more", () => {
  const joined = {
    type: "member.joined",
    seq: 5,
    conversation_id: PLACE,
    user_id: "cleo",
    role: "member",
    by_id: null,
  };
  const more = happen(model(), joined);
  expect(more.members.get(PLACE)?.map(({ user_id }) => user_id)).toEqual(["cleo"]);
  expect(view(more).member_count).toBe(3);
  const out = { type: "member.left", seq: 6, conversation_id: PLACE, user_id: ME, by_id: "bob" };
  const left = fold(more, ME, out as StreamEvent);
  expect(left.conversations.size + left.timelines.size + left.members.size).toBe(0);
});

test("a message that comes while an older part is shown waits there", () => {
  const before = model([message(1)]);
  const older = new Map([[PLACE, { messages: [message(1)], moreBefore: false, moreAfter: true }]]);
  const now = happen({ ...before, timelines: older }, posted(message(9)));
  expect(texts(now)).toEqual(["text 1"]);
  expect(view(now)).toMatchObject({ newest_ordinal: 9, unread: 8 });
});

test("an event of a kind that is not known here does nothing", () => {
  const before = model([message(1)]);
  expect(texts(happen(before, { type: "from.tomorrow", seq: 2 }))).toEqual(["text 1"]);
});
