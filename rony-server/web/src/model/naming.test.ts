import { expect, it } from "vitest";
import type { Model } from "./model";
import { callLine, messageLine, plainLine } from "./naming";

it.each([
  ["**bold** and _soft_ and `code`", "bold and soft and code"],
  ["a [link](https://example.org) and ![a picture](x.png)", "a link and a picture"],
  ["# Head\n\n- one\n- two", "Head one two"],
  ["> quoted\nanswer", "quoted answer"],
  ["```rust\nlet a = 1;\n```", "let a = 1;"],
  ["snake_case_name stays, 2 * 3 * 4 too", "snake_case_name stays, 2 * 3 * 4 too"],
  ["\\*not soft\\*", "*not soft*"],
])("shows %j on one line", (markdown, line) => {
  expect(plainLine(markdown)).toBe(line);
});

it("calls people by their names", () => {
  const people = new Map([["b", { id: "b", username: "bob", display_name: "Bob Stone" }]]);
  const model = { me: { id: "a" }, people, contacts: new Map() } as unknown as Model;
  const message = { sender_id: "b", text: "**@bob**, and @ann who is nobody", mentions: { all: false, users: ["b"] } };
  expect(messageLine(model, message)).toBe("@Bob Stone, and @ann who is nobody");
});

it("says a missed call to each as they see it", () => {
  const names: Record<string, string> = { ben: "Ben", cem: "Cem" };
  const words = (me: string, missed: string[], video = false) =>
    callLine({ id: "1", video, missed }, "ann", me, (user) => names[user] ?? "");
  expect(words("ben", ["ben"], true)).toBe("You missed a video call.");
  expect(words("ann", ["ben"])).toBe("Ben missed your call.");
  expect(words("ann", ["ben", "cem"])).toBe("Ben and 1 more missed your call.");
  expect(words("ann", [], true)).toBe("Your video call was not answered.");
  expect(words("dee", ["ben"])).toBe("Ben missed a call.");
});
