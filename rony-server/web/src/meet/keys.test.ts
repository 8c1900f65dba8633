import { expect, test } from "vitest";
import { actionOf, type Pressed, pushToTalk, SHORTCUTS } from "./keys";

function pressed(key: string, over: Partial<Pressed> = {}): Pressed {
  return { key, repeat: false, ctrlKey: false, metaKey: false, altKey: false, ...over };
}

test("single keys do something, alone", () => {
  expect(actionOf(pressed("m"))).toBe("microphone");
  expect(actionOf(pressed("V"))).toBe("camera");
  expect(actionOf(pressed("c", { ctrlKey: true }))).toBeNull();
  expect(actionOf(pressed("v", { metaKey: true }))).toBeNull();
  expect(actionOf(pressed("m", { repeat: true }))).toBeNull();
  expect(actionOf(pressed("x"))).toBeNull();
});

test("the list names each of them", () => {
  for (const key of "mvhcpg?") expect(SHORTCUTS.map(([, name]) => name.toLowerCase())).toContain(key);
});

test("one talks while the key is held, and is muted again when it is let go", () => {
  const down = pushToTalk("off", "down", true);
  expect(down).toEqual({ state: "held", mute: false });
  expect(pushToTalk(down.state, "down", false)).toEqual({ state: "held", mute: null });
  expect(pushToTalk(down.state, "up", false)).toEqual({ state: "off", mute: true });
});

test("who is heard anyway is not muted by the key", () => {
  expect(pushToTalk("off", "down", false)).toEqual({ state: "off", mute: null });
  expect(pushToTalk("off", "up", false)).toEqual({ state: "off", mute: null });
});

test("who was muted while holding the key stays so", () => {
  expect(pushToTalk("held", "up", true)).toEqual({ state: "off", mute: null });
});
