import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Bell } from "./bell";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

function heard() {
  const bell = new Bell();
  const listener = vi.fn();
  bell.subscribe(listener);
  vi.advanceTimersByTime(1);
  return { bell, listener };
}

test("what comes alone is told at once", () => {
  const { bell, listener } = heard();
  bell.soon();
  expect(listener).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_000);
  bell.soon();
  expect(listener).toHaveBeenCalledTimes(2);
});

test("what comes in a crowd is told together, and none of it is left untold", () => {
  const { bell, listener } = heard();
  for (let count = 0; count < 100; count += 1) bell.soon();
  expect(listener).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_000);
  expect(listener).toHaveBeenCalledTimes(2);
});

test("where telling takes long, as much time is left between", () => {
  const { bell, listener } = heard();
  bell.subscribe(() => vi.advanceTimersByTime(200));
  bell.soon();
  bell.soon();
  vi.advanceTimersByTime(150);
  expect(listener).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60);
  expect(listener).toHaveBeenCalledTimes(2);
});

test("what the person did does not wait for the others", () => {
  const { bell, listener } = heard();
  bell.soon();
  bell.soon();
  bell.now();
  expect(listener).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1_000);
  expect(listener).toHaveBeenCalledTimes(2);
});
