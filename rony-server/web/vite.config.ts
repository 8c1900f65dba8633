import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The server that `npm run dev` passes the API on to; `cargo xtask dev` names its own.
const server = process.env.RONY_SERVER ?? "http://127.0.0.1:5000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // Addresses in the page are relative, so that it also works where an application mounts Rony under a path.
  base: "./",
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: { target: "es2022", sourcemap: false, assetsInlineLimit: 0 },
  server: { proxy: { "/api": { target: server, ws: true }, "/health": server } },
  test: { include: ["src/**/*.test.ts"] },
});
