/** The keys of a meeting. */

export type Action = "microphone" | "camera" | "hand" | "chat" | "people" | "view" | "help";

const KEYS: Record<string, Action> = {
  ...{ m: "microphone", v: "camera", h: "hand", c: "chat", p: "people", g: "view", "?": "help" },
};

/** For the list of them. */
export const SHORTCUTS: readonly (readonly [what: string, key: string])[] = [
  ["Microphone on and off", "M"],
  ["Talk while it is held, where the microphone is off", "Space"],
  ["Camera on and off", "V"],
  ["Raise or lower your hand", "H"],
  ["Chat", "C"],
  ["People", "P"],
  ["Grid or speaker", "G"],
  ["This list", "?"],
  ["Close what is open", "Esc"],
];

/** What is used of a key that was pressed. */
export interface Pressed {
  key: string;
  repeat: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Nothing where another key is held too: that belongs to the browser. */
export function actionOf({ key, repeat, ctrlKey, metaKey, altKey }: Pressed): Action | null {
  if (repeat || ctrlKey || metaKey || altKey) return null;
  return KEYS[key.toLowerCase()] ?? null;
}

/** Whether the microphone is on only as long as a key is held. */
export type Talk = "off" | "held";

/**
 * One step of push to talk: the state after it, and whether the microphone is to be muted (true), heard (false) or left as it is
 * (null). The key does something only while one is muted; when it is let go, or the page is left, one is muted again.
 */
export function pushToTalk(state: Talk, event: "down" | "up", muted: boolean): { state: Talk; mute: boolean | null } {
  if (event === "down") {
    if (state === "held" || !muted) return { state, mute: null };
    return { state: "held", mute: false };
  }
  if (state === "off") return { state, mute: null };
  // Who was muted by the host meanwhile is already.
  return { state: "off", mute: muted ? null : true };
}

/** Whether a key goes into a text, or into something that is open and has keys of its own. */
export function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, select, [contenteditable], [role=menu], [role=dialog], [role=listbox]") !== null
  );
}

/** Whether the space bar would press what has the focus. */
export function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, summary, [role=button]") !== null;
}
