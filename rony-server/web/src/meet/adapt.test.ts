import { expect, test } from "vitest";
import { limitOf, scaleOf, wantedFor } from "./adapt";

test("with each further person less goes to each, and never more in all than a line at home can send", () => {
  for (const source of ["camera", "screen", "microphone"] as const) {
    let before = Number.POSITIVE_INFINITY;
    for (let others = 1; others <= 12; others += 1) {
      const { bitrate } = limitOf(source, others);
      expect(bitrate).toBeLessThanOrEqual(before);
      if (source === "camera") expect(bitrate * others).toBeLessThanOrEqual(2_000_000);
      before = bitrate;
    }
  }
});

test("nobody alone, and nobody of thousands, falls out of the table", () => {
  expect(limitOf("camera", 0)).toEqual(limitOf("camera", 1));
  expect(limitOf("camera", 5000).height).toBe(180);
});

test("small tiles make small pictures, hidden ones none, and screens stay sharp", () => {
  expect(limitOf("camera", 1, "low")).toEqual({ height: 180, framerate: 15, bitrate: 150_000 });
  expect(limitOf("camera", 1, "medium").height).toBe(360);
  expect(limitOf("camera", 8, "medium")).toEqual(limitOf("camera", 8));
  expect(limitOf("camera", 1, "off").off).toBe(true);
  expect(limitOf("screen", 1, "low")).toEqual(limitOf("screen", 1));
});

test("a picture is never made larger than it is", () => {
  expect(scaleOf(720, limitOf("camera", 3))).toBe(2);
  expect(scaleOf(240, limitOf("camera", 1))).toBe(1);
  expect(scaleOf(undefined, limitOf("camera", 3))).toBe(1);
  expect(scaleOf(1080, limitOf("screen", 3))).toBe(1);
});

test("a tile asks for what it can show", () => {
  expect([0, 150, 300, 700].map(wantedFor)).toEqual(["off", "low", "medium", "high"]);
});
