import { expect, test } from "vitest";
import type { Message, MessagePage } from "@/api/types";
import { append, fromPage, MOST, posted, prepend, shortened } from "./timeline";

const message = (ordinal: number) => ({ id: `m${ordinal}`, ordinal, seq: ordinal, version: ordinal }) as Message;
const page = (from: number, count: number, more: { more_before?: boolean } = {}): MessagePage => ({
  items: Array.from({ length: count }, (_, index) => message(from + index)),
  more_before: true,
  more_after: false,
  as_of: 0,
  ...more,
});
const ordinals = ({ messages }: { messages: readonly Message[] }) => [messages[0]?.ordinal, messages.at(-1)?.ordinal];

test("whoever goes far up has no more than so much, and the newest come again further down", () => {
  const up = prepend(fromPage(page(10_001, MOST)), page(9_901, 100));
  expect(ordinals(up)).toEqual([9_901, 9_900 + MOST]);
  expect(up).toMatchObject({ moreBefore: true, moreAfter: true });
  const down = append(up, page(9_901 + MOST, 100));
  expect(ordinals(down)).toEqual([10_001, 10_000 + MOST]);
  expect(down).toMatchObject({ moreBefore: true, moreAfter: false });
});

test("a list at whose end somebody is keeps the newest", () => {
  const short = shortened(fromPage(page(1, MOST, { more_before: false })), 100);
  expect(ordinals(short)).toEqual([MOST - 99, MOST]);
  expect(short.moreBefore).toBe(true);
});

test("where somebody reads further up while much is written, nothing they read goes", () => {
  let list = fromPage(page(1, 10, { more_before: false }));
  for (let ordinal = 11; ordinal <= 3 * MOST; ordinal += 1) list = posted(list, message(ordinal));
  expect(ordinals(list)).toEqual([1, 2 * MOST]);
  expect(list.moreAfter).toBe(true);
});
