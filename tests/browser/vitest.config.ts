import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The other browsers only where they are asked for: `cargo xtask test --browsers all`.
    include: process.env.TEST_BROWSERS === "all" ? ["stories/**/*.test.ts", "smoke/**/*.test.ts"] : ["stories/**/*.test.ts"],
    // A story drives several browsers and a server built for debugging; only one that fails takes long.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Each file has a server and a browser of its own.
    maxWorkers: 2,
  },
});
