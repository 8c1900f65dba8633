import { expect, test } from "vitest";
import { size, span } from "./amounts";

test.each([
  [0, "0 byte"],
  [999, "999 byte"],
  [1_400_000, "1.4 MB"],
  [52_000_000, "52 MB"],
])("%d bytes are %s", (bytes, said) => {
  expect(size(bytes)).toBe(said);
});

test.each([
  [30_000, "less than a minute"],
  [60_000, "1 minute"],
  [3_600_000 * 26, "1 day, 2 hours"],
  [86_400_000 * 3 + 60_000, "3 days, 1 minute"],
])("%d ms are %s", (milliseconds, said) => {
  expect(span(milliseconds)).toBe(said);
});
