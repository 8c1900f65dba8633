/** What is said of a connection that was tried. */
import { expect, test } from "vitest";
import { BEGINNING, type Findings, report, summary, verdicts, type Way } from "./verdict";

const works: Way = { type: "works", detail: "host-host udp" };
const GOOD: Findings = {
  secure: true,
  gateway: true,
  microphone: { type: "works", name: "Headset" },
  camera: { type: "works", name: "" },
  media: works,
  stun: works,
  relay: works,
};
const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

const standings = (found: Partial<Findings>) =>
  Object.fromEntries(verdicts({ ...GOOD, ...found }, CHROME).map(({ name, standing }) => [name, standing]));

test("what works is said once and in one sentence, and nothing is to do", () => {
  const all = verdicts(GOOD, CHROME);
  expect(new Set(all.map(({ standing }) => standing))).toEqual(new Set(["good"]));
  expect(all.flatMap(({ steps }) => steps)).toEqual([]);
  expect(all.find(({ name }) => name === "Microphone")?.text).toBe("Headset");
  expect(summary(all)).toMatch(/^All is well/);
});

test("as long as something is being checked nothing is promised", () => {
  const all = verdicts({ ...BEGINNING, secure: true }, CHROME);
  expect(all.filter(({ standing }) => standing === "checking")).toHaveLength(6);
  expect(summary(all)).toMatch(/takes a few seconds/);
});

test("whatever stops a meeting is bad, and says what to do", () => {
  const fails: Way = { type: "fails", detail: "701" };
  for (const [found, name] of [
    [{ secure: false }, "Secure page"],
    [{ gateway: false }, "Server"],
    [{ microphone: { type: "fails", trouble: "blocked" } }, "Microphone"],
    [{ camera: { type: "fails", trouble: "busy" } }, "Camera"],
    [{ media: fails }, "Sound and pictures"],
    [{ relay: fails }, "Detour"],
    [{ stun: fails, relay: fails }, "Your address"],
  ] as const) {
    const all = verdicts({ ...GOOD, ...found }, CHROME);
    const one = all.find((verdict) => verdict.name === name);
    expect(one?.standing, name).toBe("bad");
    expect(one?.steps.length, name).toBeGreaterThan(0);
    expect(summary(all)).toMatch(/^Something would go wrong/);
  }
});

test("what one can meet without is a note", () => {
  expect(standings({ camera: { type: "fails", trouble: "missing" } }).Camera).toBe("note");
  expect(standings({ stun: { type: "none" }, relay: { type: "none" } })).toMatchObject({
    "Your address": "note",
    Detour: "note",
  });
  expect(standings({ stun: { type: "hidden" }, relay: { type: "hidden" } })).toMatchObject({
    "Your address": "note",
    Detour: "note",
  });
  // A detour makes up for an address that nobody can tell.
  expect(standings({ stun: { type: "fails", detail: "701" } })["Your address"]).toBe("note");
  expect(summary(verdicts({ ...GOOD, relay: { type: "none" } }, CHROME))).toMatch(/^You can meet/);
});

test("a report has the browser, each verdict and the details", () => {
  const found: Findings = { ...GOOD, relay: { type: "fails", detail: "701 turn:relay.example:3478" } };
  const where = { page: "https://rony.example", browser: CHROME, at: new Date(0) };
  const text = report(found, verdicts(found, CHROME), where);
  expect(text).toContain("Time: 1970-01-01T00:00:00.000Z");
  expect(text).toContain(CHROME);
  expect(text).toContain("Detour: bad.");
  expect(text).toContain("TURN: fails: 701 turn:relay.example:3478");
});
