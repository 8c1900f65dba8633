import { expect, test } from "vitest";
import { follows, heard, type Line, unread } from "./chat";

function line(from: number, client_id: string, at = "2026-03-01T12:00:00Z"): Line {
  return { from, client_id, name: `P${from}`, text: client_id, at, guest: false };
}

test("what comes twice is there once", () => {
  const once = heard([], line(1, "a"));
  expect(heard(once, line(1, "a"))).toBe(once);
  expect(heard(once, line(2, "a"))).toHaveLength(2);
});

test("one's own lines are read", () => {
  const lines = [line(2, "a"), line(1, "b"), line(2, "c")];
  expect(unread(lines, null, 1)).toBe(2);
  expect(unread(lines, lines[0] as Line, 1)).toBe(1);
  expect(unread(lines, lines[2] as Line, 1)).toBe(0);
});

test("a name is said again for another person, and after a while", () => {
  expect(follows(line(1, "b"), line(1, "a"))).toBe(true);
  expect(follows(line(2, "b"), line(1, "a"))).toBe(false);
  expect(follows(line(1, "b", "2026-03-01T12:06:00Z"), line(1, "a"))).toBe(false);
  expect(follows(line(1, "a"), undefined)).toBe(false);
});
