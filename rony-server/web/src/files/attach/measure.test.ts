import { expect, test } from "vitest";
import { boxOf, heightOfFiles, shapeOf } from "./measure";

test("a picture has the room that it needs in its own proportions, and is never made larger", () => {
  expect(boxOf({ width: 3800, height: 2000 }, true)).toEqual({ width: 380, height: 200 });
  expect(boxOf({ width: 1000, height: 3000 }, true)).toEqual({ width: 100, height: 300 });
  expect(boxOf({ width: 120, height: 90 }, true)).toEqual({ width: 120, height: 90 });
  expect(boxOf({ width: 4000, height: 10 }, true).height).toBe(48);
  expect(boxOf({}, false)).toEqual({ width: 213, height: 160 });
});

test("what a message's files take is known before they are here", () => {
  const file = (name: string, media_type: string) => ({ file_id: name, name, media_type, size: 1 });
  expect(shapeOf(file("a.svg", "image/svg+xml"))).toBe("card");
  expect(heightOfFiles([])).toBe(0);
  expect(heightOfFiles([file("a.png", "image/png"), file("b.pdf", "application/pdf")])).toBe(308 + 64);
});
