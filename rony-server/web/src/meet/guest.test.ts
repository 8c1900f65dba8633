import { afterEach, beforeEach, expect, test, vi } from "vitest";

const asked = vi.fn();
vi.mock("@/api/client", () => ({ api: { POST: asked }, call: (answer: unknown) => answer }));
const { forgetGuest, guestToken } = await import("./guest");

const CODE = "abc-defg-hjk";
let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  let count = 0;
  asked.mockReset().mockImplementation(async () => {
    count += 1;
    return { token: `t${count}`, expires_at: new Date(Date.now() + 12 * 3_600_000).toISOString() };
  });
});
afterEach(() => vi.unstubAllGlobals());

test("a page that is loaded again is the same guest", async () => {
  expect(await guestToken(CODE, "Bo")).toBe("t1");
  expect(await guestToken(CODE, "Bo")).toBe("t1");
  expect(asked).toHaveBeenCalledTimes(1);
});

test("another name, and another room, are another guest", async () => {
  await guestToken(CODE, "Bo");
  expect(await guestToken(CODE, "Cy")).toBe("t2");
  expect(await guestToken("xyz-defg-hjk", "Cy")).toBe("t3");
});

test("what ends soon, was refused or cannot be read is asked for anew", async () => {
  asked.mockResolvedValueOnce({ token: "old", expires_at: new Date(Date.now() + 60_000).toISOString() });
  expect(await guestToken(CODE, "Bo")).toBe("old");
  expect(await guestToken(CODE, "Bo")).toBe("t1");
  forgetGuest(CODE);
  expect(await guestToken(CODE, "Bo")).toBe("t2");
  kept.set(`rony-guest ${CODE}`, "{");
  expect(await guestToken(CODE, "Bo")).toBe("t3");
});
