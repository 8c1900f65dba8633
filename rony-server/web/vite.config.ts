import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import pdfjs from "./node_modules/pdfjs-dist/package.json" with { type: "json" };

// The server that `npm run dev` passes the API on to; `cargo xtask dev` names its own.
const server = process.env.RONY_SERVER ?? "http://127.0.0.1:5000";

/** Files that have no name of their own for each version lie in a folder that has. */
const PDF = pdfjs.version;

/** Names the files that the page is made of, for the service worker to keep. */
const offline: Plugin = {
  name: "offline",
  apply: "build",
  enforce: "post",
  generateBundle(_, bundle) {
    // What draws PDFs is large, and without a network there is none to draw.
    const files = Object.keys(bundle).filter((name) => name.startsWith("assets/") && !name.startsWith("assets/pdf"));
    const version = createHash("sha256").update(files.sort().join()).digest("hex").slice(0, 16);
    this.emitFile({ type: "asset", fileName: "offline.json", source: JSON.stringify({ version, files }) });
  },
};

/** What PDFs may need that bring less along: letters that everybody was to have, and tables of those of East Asia. */
const pdf: Plugin = {
  name: "pdf",
  apply: "build",
  async buildStart() {
    for (const folder of ["standard_fonts", "cmaps"]) {
      const from = path(`./node_modules/pdfjs-dist/${folder}`);
      for (const name of await readdir(from))
        this.emitFile({
          type: "asset",
          fileName: `assets/pdf-${PDF}/${folder}/${name}`,
          source: await readFile(join(from, name)),
        });
    }
  },
};

/** Each text beside itself, as small as it can be made: the server sends these to browsers, and compresses nothing. */
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  async writeBundle({ dir = "dist" }) {
    const files = await readdir(dir, { recursive: true });
    const texts = files.filter((name) => /\.(js|mjs|css|html|json|svg|webmanifest)$/.test(name));
    await Promise.all(
      texts.map(async (name) => {
        const path = join(dir, name);
        const text = await readFile(path);
        if (text.length < 1400) return;
        await writeFile(`${path}.br`, await promisify(brotliCompress)(text));
        await writeFile(`${path}.gz`, await promisify(gzip)(text, { level: 9 }));
      }),
    );
  },
};

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

export default defineConfig({
  plugins: [react(), tailwindcss(), pdf, offline, compressed],
  // Addresses in the page are relative, so that it also works where an application mounts Rony under a path.
  base: "./",
  resolve: { alias: { "@": path("./src") } },
  build: {
    target: "es2022",
    sourcemap: false,
    assetsInlineLimit: 0,
    // The page, and the one of a link, for people without an account: it has only what it needs.
    rollupOptions: {
      input: { main: path("./index.html"), link: path("./s/index.html") },
    },
  },
  server: { proxy: { "/api": { target: server, ws: true }, "/health": server } },
  test: { include: ["src/**/*.test.ts"] },
});
