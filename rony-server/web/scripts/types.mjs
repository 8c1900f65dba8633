// Makes src/api/schema.d.ts from the description of the API that the server's tests keep, before the page is checked or built: page and
// server cannot drift apart.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const snapshot = new URL("../../tests/it/snapshots/openapi.snap", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);

// The snapshot has a head of its own, between two lines of dashes.
const description = JSON.parse(readFileSync(snapshot, "utf8").split(/^---$/m)[2]);
writeFileSync(target, astToString(await openapiTS(description)));
