import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Effect, type EngineState, type Input, step } from "./engine";

/** A rule as data: what each input in turn does to a state. Clients in other languages pass the same ones. */
interface Vector {
  why: string;
  before: EngineState;
  steps: { input: Input; effects: Effect[]; after: EngineState }[];
}

const folder = new URL("../../../../tests/vectors/sync/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

test("there are vectors", () => expect(files.length).toBeGreaterThan(15));

describe.each(files)("%s", (name) => {
  const vector = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Vector;

  test(vector.why, () => {
    let state = vector.before;
    for (const [index, { input, effects, after }] of vector.steps.entries()) {
      const done = step(state, input);
      expect(done, `step ${index + 1}`).toEqual({ effects, state: after });
      state = done.state;
    }
  });
});
