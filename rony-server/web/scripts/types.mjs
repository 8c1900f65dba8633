// Writes src/api/schema.d.ts from the description of the API that the server's tests keep: page and server cannot drift apart.
// With --check it only says whether the file is up to date.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const snapshot = new URL("../../tests/it/snapshots/openapi.snap", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);

// The snapshot has a head of its own, between two lines of dashes.
const description = JSON.parse(readFileSync(snapshot, "utf8").split(/^---$/m)[2]);
const types = `// Made by \`npm run types\` from the description of the API.\n\n${astToString(await openapiTS(description))}`;

if (!process.argv.includes("--check")) {
  writeFileSync(target, types);
} else if (readFileSync(target, "utf8") !== types) {
  console.error("src/api/schema.d.ts is not up to date: run `npm run types` in rony-server/web");
  process.exit(1);
}
