import { describe, expect, it } from "vitest";
import type { ConversationView } from "@/api/types";
import type { Model } from "@/model/model";
import { calls, isUnread, nextUnread, sections } from "./order";

const LATER = "2999-01-01T00:00:00.000Z";

function view(id: string, change: Partial<ConversationView> = {}): ConversationView {
  return {
    id,
    kind: "group",
    title: id,
    level: "all",
    unread: 0,
    mentions: 0,
    favorite: false,
    created_at: "2026-01-01T00:00:00.000Z",
    ...change,
  } as ConversationView;
}

function model(...views: ConversationView[]): Model {
  return {
    me: { id: "me", display_name: "Me" },
    conversations: new Map(views.map((one) => [one.id, one])),
    people: new Map(),
    contacts: new Map([["p", { nickname: "Zoë" }]]),
    members: new Map(),
  } as unknown as Model;
}

function ids(all: Model, filter?: string): string[][] {
  return sections(all, filter).map((section) => section.conversations.map(({ id }) => id));
}

describe("the list of conversations", () => {
  it("has favourites on top, then direct ones, then groups, the newest first", () => {
    const all = model(
      view("old"),
      view("new", { created_at: "2026-02-01T00:00:00.000Z" }),
      view("direct", { kind: "direct", title: "", peer_id: "p" }),
      view("favourite", { favorite: true }),
    );
    expect(ids(all)).toEqual([["favourite"], ["direct"], ["new", "old"]]);
  });

  it("is looked through by names and nicknames, whatever their case and accents", () => {
    const all = model(view("Über"), view("direct", { kind: "direct", title: "", peer_id: "p" }));
    expect(ids(all, "uber")).toEqual([["Über"]]);
    expect(ids(all, "ZOE")).toEqual([["direct"]]);
    expect(ids(all, "nobody")).toEqual([]);
  });

  it("leaves archived ones out until they are looked for", () => {
    const all = model(view("gone", { archived_at: "2026-01-01T00:00:00.000Z" }));
    expect(ids(all)).toEqual([]);
    expect(ids(all, "gone")).toEqual([["gone"]]);
  });
});

describe("what calls for the person", () => {
  it("is all of a direct conversation, and the mentions in a group", () => {
    expect(calls(view("d", { kind: "direct", unread: 3 }))).toBe(3);
    expect(calls(view("g", { unread: 3, mentions: 1 }))).toBe(1);
  });

  it("is nothing where the person wants to hear nothing", () => {
    expect(calls(view("d", { kind: "direct", unread: 3, muted_until: LATER }))).toBe(0);
    expect(calls(view("g", { mentions: 3, level: "nothing" }))).toBe(0);
    expect(calls(view("d", { kind: "direct", unread: 3, mentions: 1, level: "mentions" }))).toBe(1);
    expect(isUnread(view("g", { unread: 3, muted_until: LATER }))).toBe(false);
    expect(isUnread(view("g", { unread: 3, muted_until: "2000-01-01T00:00:00.000Z" }))).toBe(true);
  });
});

describe("the next one with something new", () => {
  const all = model(
    view("a", { unread: 1 }),
    view("b"),
    view("c", { unread: 1 }),
    view("d", { unread: 1, muted_until: LATER }),
  );

  it("is the one below or above, and round the end", () => {
    expect(nextUnread(all, "a", 1)).toBe("c");
    expect(nextUnread(all, "c", 1)).toBe("a");
    expect(nextUnread(all, "b", -1)).toBe("a");
    expect(nextUnread(all, "a", -1)).toBe("c");
  });

  it("begins at an end where no conversation is open, and never is where one stands", () => {
    expect(nextUnread(all, null, 1)).toBe("a");
    expect(nextUnread(all, null, -1)).toBe("c");
    expect(nextUnread(model(view("a", { unread: 1 })), "a", 1)).toBeNull();
    expect(nextUnread(model(), null, 1)).toBeNull();
  });
});
