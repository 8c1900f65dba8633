import { expect, test } from "vitest";
import { kindOf, kindWord, nameFault, sizeOf, timeLeft } from "./words";

test("sizes are said with as many digits as one reads", () => {
  expect(sizeOf(0)).toBe("0 bytes");
  expect(sizeOf(1)).toBe("1 byte");
  expect(sizeOf(1023)).toMatch(/^1.?023 bytes$/);
  expect(sizeOf(1536)).toMatch(/^1[.,]5 KB$/);
  expect(sizeOf(10 * 1024 ** 3)).toBe("10 GB");
});

test("how long it takes is said roughly", () => {
  expect(timeLeft(2)).toBe("a few seconds left");
  expect(timeLeft(42)).toBe("about 45 seconds left");
  expect(timeLeft(600)).toBe("about 10 minutes left");
  expect(timeLeft(Number.POSITIVE_INFINITY)).toBe("");
});

test("what could run is only read as a text", () => {
  const kind = (name: string, media_type: string) => kindOf({ name, media_type });
  expect(kind("a.svg", "image/svg+xml")).toBe("text");
  expect(kind("a.html", "text/html")).toBe("text");
  expect(kind("a.xhtml", "application/xhtml+xml")).toBe("text");
  expect(kind("a.png", "image/png")).toBe("image");
  expect(kind("a.tiff", "image/tiff")).toBe("other");
  expect(kind("main.rs", "application/octet-stream")).toBe("text");
  expect(kindWord({ name: "a.docx", media_type: "application/msword" })).toBe("DOCX file");
});

test("a name is refused where the server would refuse it", () => {
  expect(nameFault("report (2).pdf")).toBeNull();
  expect(nameFault("  ")).toBe("Write a name.");
  for (const bad of ["a/b", "a\\b", "..", "a\nb", "gpj.\u202eexe", "ä".repeat(128)])
    expect(nameFault(bad)).not.toBeNull();
});
