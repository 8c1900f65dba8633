import { expect, test } from "vitest";
import type { Message } from "@/api/types";
import { announcement, wasTold } from "./link";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const URL = "https://chat.example.org/meet#abc-defg-hjk";

function message(minutesAgo: number, over: Partial<Message> = {}): Message {
  const created_at = new Date(NOW - minutesAgo * 60_000).toISOString();
  return { text: announcement(URL), created_at, ...over } as Message;
}

test("who has the link before them is not told again", () => {
  expect(wasTold([message(5)], "abc-defg-hjk", NOW)).toBe(true);
});

test("an old link, a deleted one and that of another room tell nobody", () => {
  expect(wasTold([message(61)], "abc-defg-hjk", NOW)).toBe(false);
  expect(wasTold([message(5, { text: "", deleted_at: "2026-03-01T11:59:00Z" })], "abc-defg-hjk", NOW)).toBe(false);
  expect(wasTold([message(5)], "xyz-defg-hjk", NOW)).toBe(false);
  expect(wasTold([], "abc-defg-hjk", NOW)).toBe(false);
});
