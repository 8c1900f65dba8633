import { expect, it } from "vitest";
import { plainLine } from "./naming";

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
