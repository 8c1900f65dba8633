import { expect, test } from "vitest";
import { linkOf, ownLevel, type Sample, sampleOf, worse } from "./quality";

const START: Sample = { at: 0, received: 1000, lost: 50, theirLoss: null, roundTrip: 0.02 };

function after(over: Partial<Sample>, expects = true) {
  return linkOf(START, { ...START, at: 3000, received: 1100, ...over }, expects);
}

test("what was lost long ago does not count", () => {
  expect(after({})).toEqual({ level: "good", why: "" });
});

test("loss in either direction, and a long way, are said in words", () => {
  expect(after({ lost: 54 })).toEqual({ level: "fair", why: "Some is lost on the way" });
  expect(after({ lost: 70 })).toEqual({ level: "poor", why: "Much is lost on the way" });
  expect(after({ theirLoss: 0.2 }).level).toBe("poor");
  expect(after({ roundTrip: 0.4 })).toEqual({ level: "fair", why: "It takes a while to arrive" });
  expect(after({ roundTrip: 0.9 }).level).toBe("poor");
});

test("silence is poor only where something should arrive", () => {
  expect(after({ received: 1000 })).toEqual({ level: "poor", why: "Nothing arrives" });
  expect(after({ received: 1000 }, false).level).toBe("good");
});

test("a counter that begins anew after a restart loses nothing", () => {
  expect(linkOf({ ...START, lost: 500 }, { ...START, received: 1200, lost: 0 }, true).level).toBe("good");
});

test("one bad link is the other's, all of them bad is one's own", () => {
  expect(ownLevel([])).toBeNull();
  expect(
    ownLevel([
      { level: "poor", why: "" },
      { level: "good", why: "" },
    ]),
  ).toBe("good");
  expect(
    ownLevel([
      { level: "poor", why: "" },
      { level: "fair", why: "" },
    ]),
  ).toBe("fair");
  expect(worse("good", "poor")).toBe("poor");
  expect(worse(undefined, "fair")).toBe("fair");
});

test("a sample adds up what arrives, and takes the way that is used", () => {
  const sample = sampleOf(
    [
      { type: "inbound-rtp", packetsReceived: 10, packetsLost: 1 },
      { type: "inbound-rtp", packetsReceived: 20, packetsLost: -1 },
      { type: "remote-inbound-rtp", fractionLost: 0.25 },
      { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
      { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.1 },
      { type: "codec" },
    ],
    7,
  );
  expect(sample).toEqual({ at: 7, received: 30, lost: 0, theirLoss: 0.25, roundTrip: 0.1 });
});
