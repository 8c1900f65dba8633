import { expect, test } from "vitest";
import { ago, isAhead, shortTime, until } from "./time";

const NOW = new Date(2026, 5, 10, 15, 30);
const at = (...when: [number, number, number, number?, number?]) => {
  const [year, month, day, hour = 0, minute = 0] = when;
  return new Date(year, month, day, hour, minute).toISOString();
};

test("a moment is as short as it is still clear", () => {
  expect(shortTime(at(2026, 5, 10, 9, 5), NOW)).toMatch(/9:05|09:05/);
  expect(shortTime(at(2026, 5, 9, 23, 59), NOW)).toBe("Yesterday");
  expect(shortTime(at(2026, 5, 7), NOW)).toMatch(/Sun/);
  expect(shortTime(at(2026, 0, 3), NOW)).toMatch(/3/);
  expect(shortTime(at(2026, 0, 3), NOW)).not.toMatch(/2026/);
  expect(shortTime(at(2024, 0, 3), NOW)).toMatch(/2024/);
});

test("how long ago is said in the largest unit that fits", () => {
  expect(ago(new Date(NOW.getTime() - 10_000).toISOString(), NOW)).toBe("just now");
  expect(ago(new Date(NOW.getTime() - 300_000).toISOString(), NOW)).toBe("5 minutes ago");
  expect(ago(at(2026, 5, 10, 12, 30), NOW)).toBe("3 hours ago");
  expect(ago(at(2026, 5, 9, 1), NOW)).toBe("yesterday");
});

test("until when is said with the day unless it is today", () => {
  expect(until(at(2026, 5, 10, 18), NOW)).toMatch(/^until (6:00|18:00)/);
  expect(until(at(2026, 5, 11, 9), NOW)).toMatch(/^until tomorrow, /);
});

test("nothing is ahead of nobody", () => {
  expect(isAhead(null)).toBe(false);
  expect(isAhead(at(2026, 5, 10), NOW.getTime())).toBe(false);
  expect(isAhead(at(2026, 5, 11), NOW.getTime())).toBe(true);
});
