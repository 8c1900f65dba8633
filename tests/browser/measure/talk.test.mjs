// A long call is read as it goes on, and one that breaks off is found.
import { join } from "node:path";
import { expect, test } from "vitest";
import { meeting } from "./call.mjs";
import { talk } from "./talk.mjs";

const RONY = process.env.TEST_RONY ?? join(import.meta.dirname, "../../../target/debug/rony");

/** A call that something ends after two readings. */
function brokenBy(end) {
  let count = 0;
  return meeting(RONY, ({ server, browser }) =>
    talk({
      ...{ server, browser, seconds: 60, every: 1 },
      read: async (_, people) => {
        count += 1;
        if (count === 2) await end(people, server);
      },
    }),
  );
}

test("a call is read until one of the pages is closed, which is said", async () => {
  const { names, readings, broke } = await brokenBy((people) => people[1].page.close());
  expect(broke).toBe("The page of Bob was closed in the middle of the call.");
  expect(readings).toHaveLength(2);
  for (const { of } of readings) {
    expect(of.server.server_mb).toBeGreaterThan(1);
    expect(of.pages.renderers_mb).toBeGreaterThan(1);
    for (const name of names) {
      for (const figure of ["heap_mb", "frames_per_second", "video_delay_ms", "audio_delay_ms"])
        expect(of[name][figure], `${figure} of ${name}`).toBeGreaterThan(0);
      for (const figure of ["lost_percent", "concealed_percent"])
        expect(of[name][figure], `${figure} of ${name}`).toBeGreaterThanOrEqual(0);
    }
  }
});

test("a call whose server has gone has broken off, though the two still hear each other", async () => {
  const { broke } = await brokenBy((_, server) => server.end());
  expect(broke).toBe("The server ended in the middle of the call.");
});

test("a call that one of the two leaves has broken off", async () => {
  const { broke } = await brokenBy(([ann]) => ann.page.getByRole("button", { name: "Leave", exact: true }).click());
  expect(broke).toMatch(/^The connection of (Ann|Bob) is closed\.$/);
});
