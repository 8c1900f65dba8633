import { describe, expect, it } from "vitest";
import type { Message } from "@/api/types";
import type { Pending } from "@/client/outbox";
import { EMPTY_TIMELINE } from "@/model/timeline";
import { type Row, toRows } from "./rows";

/** A moment here, on a day of November 2026. */
function at(day: number, hour: number, minute = 0): string {
  return new Date(2026, 10, day, hour, minute).toISOString();
}

function message(ordinal: number, sender: string, moment: string, change: Partial<Message> = {}): Message {
  return {
    id: `m${ordinal}`,
    client_id: `c${ordinal}`,
    seq: ordinal,
    ordinal,
    sender_id: sender,
    created_at: moment,
    text: `text ${ordinal}`,
    deleted_at: null,
    ...change,
  } as Message;
}

function waiting(client: string, moment: string, change: Partial<Pending> = {}): Pending {
  return { client_id: client, user_id: "me", conversation_id: "c", text: "waits", created_at: moment, ...change };
}

interface Given {
  messages?: readonly Message[];
  pending?: readonly Pending[];
  divider?: number | null;
  moreBefore?: boolean;
  moreAfter?: boolean;
}

function rows({ messages = [], pending = [], divider = null, ...more }: Given): Row[] {
  return toRows({ timeline: { ...EMPTY_TIMELINE, ...more, messages }, pending, me: "me", divider });
}

/** The rows as one word each: what stands above, and whether it is grouped. */
function words(given: Given): string[] {
  return rows(given).map((row) => {
    if (row.kind === "start") return "start";
    const name = row.kind === "message" ? row.message.ordinal : row.pending.client_id;
    const above = row.kind === "message" ? `${row.day ? "day " : ""}${row.first ? "new " : ""}` : "";
    return `${above}${name}${row.grouped ? " grouped" : ""}`;
  });
}

describe("what stands together", () => {
  it("messages of one person within five minutes", () => {
    const messages = [
      message(1, "a", at(22, 9)),
      message(2, "a", at(22, 9, 4)),
      message(3, "a", at(22, 9, 8)),
      message(4, "a", at(22, 9, 13)),
      message(5, "b", at(22, 9, 14)),
    ];
    expect(words({ messages })).toEqual(["start", "day 1", "2 grouped", "3 grouped", "4", "5"]);
  });

  it("not after one that was deleted, and not an answer", () => {
    const messages = [
      message(1, "a", at(22, 9), { deleted_at: at(22, 10) }),
      message(2, "a", at(22, 9, 1)),
      message(3, "a", at(22, 9, 2), { reply_to: { id: "m1" } as unknown as Message["reply_to"] }),
    ];
    expect(words({ messages })).toEqual(["start", "day 1", "2", "3"]);
  });
});

describe("days", () => {
  it("begin with the first message of each, also within a group", () => {
    const messages = [
      message(1, "a", at(20, 23, 59)),
      message(2, "a", at(21, 0, 1)),
      message(3, "a", at(21, 0, 2)),
      message(4, "a", at(23, 0, 0)),
    ];
    expect(words({ messages })).toEqual(["start", "day 1", "day 2", "3 grouped", "day 4"]);
  });

  it("are not guessed where older messages are still to come", () => {
    const messages = [message(11, "a", at(22, 9)), message(12, "a", at(22, 9, 1)), message(13, "b", at(22, 9, 2))];
    expect(words({ messages, moreBefore: true })).toEqual(["12 grouped", "13"]);
    // With them, those that were here look the same.
    const older = [message(10, "a", at(22, 8, 59)), ...messages];
    expect(words({ messages: older, moreBefore: true })).toEqual(["11 grouped", "12 grouped", "13"]);
  });
});

describe("the New divider", () => {
  const messages = [
    message(1, "a", at(22, 9)),
    message(2, "a", at(22, 9, 1)),
    message(3, "me", at(22, 9, 2)),
    message(4, "a", at(22, 9, 3)),
    message(5, "a", at(22, 9, 4)),
  ];

  it("stands before the first that was not read, which is not grouped", () => {
    expect(words({ messages, divider: 1 })).toEqual(["start", "day 1", "new 2", "3", "4", "5 grouped"]);
  });

  it("does not stand before what one wrote oneself", () => {
    expect(words({ messages, divider: 2 })).toEqual(["start", "day 1", "2 grouped", "3", "new 4", "5 grouped"]);
    expect(words({ messages: messages.slice(0, 3), divider: 2 })).toEqual(["start", "day 1", "2 grouped", "3"]);
  });

  it("is not there where all was read", () => {
    expect(words({ messages, divider: null })).not.toContainEqual(expect.stringContaining("new"));
    expect(words({ messages, divider: 5 })).not.toContainEqual(expect.stringContaining("new"));
  });

  it("waits where the first new one is not here yet, and comes with it", () => {
    const later = messages.slice(2);
    expect(words({ messages: later, divider: 1, moreBefore: true })).toEqual(["4", "5 grouped"]);
    expect(words({ messages, divider: 1, moreBefore: true })).toEqual(["new 2", "3", "4", "5 grouped"]);
  });

  it("counts in a thread by the thread's own numbers", () => {
    const thread = [
      message(90, "a", at(22, 9), { thread_ordinal: 1 }),
      message(95, "b", at(22, 9, 1), { thread_ordinal: 2 }),
    ];
    expect(words({ messages: thread, divider: 1 })).toEqual(["start", "day 90", "new 95"]);
  });
});

describe("what is not sent yet", () => {
  it("stands at the end, together with what one wrote before", () => {
    const messages = [message(1, "a", at(22, 9)), message(2, "me", at(22, 9, 1))];
    const pending = [waiting("x", at(22, 9, 2)), waiting("y", at(22, 9, 3)), waiting("z", at(22, 9, 30))];
    expect(words({ messages, pending })).toEqual(["start", "day 1", "2", "x grouped", "y grouped", "z"]);
  });

  it("an answer stands alone", () => {
    const messages = [message(1, "me", at(22, 9))];
    expect(words({ messages, pending: [waiting("x", at(22, 9), { reply_to: "m1" })] })).toEqual([
      "start",
      "day 1",
      "x",
    ]);
  });

  it("is not shown in the midst of older messages", () => {
    const messages = [message(1, "me", at(22, 9))];
    expect(words({ messages, pending: [waiting("x", at(22, 9))], moreAfter: true })).toEqual(["start", "day 1"]);
  });

  it("is the first of all in an empty conversation", () => {
    expect(words({ pending: [waiting("x", at(22, 9))] })).toEqual(["start", "x"]);
  });

  it("keeps its row when the server has taken it", () => {
    const [, before] = rows({ pending: [waiting("c1", at(22, 9))] });
    const [, after] = rows({ messages: [message(1, "me", at(22, 9))] });
    expect(after?.key).toBe(before?.key);
  });
});
