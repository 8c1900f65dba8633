import { defineConfig } from "vitest/config";

/** The stories, and what judges the measurements. */
const ALWAYS = ["stories/**/*.test.ts", "measure/**/*.test.mjs"];

export default defineConfig({
  test: {
    // The other browsers only where they are asked for: `cargo xtask test --browsers all`.
    include: process.env.TEST_BROWSERS === "all" ? [...ALWAYS, "smoke/**/*.test.ts"] : ALWAYS,
    // A story drives several browsers and a server built for debugging; only one that fails takes long.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Each file has a server and a browser of its own.
    maxWorkers: 2,
  },
});
