import { describe, expect, test } from "vitest";
import { byDay, city, dayName, elsewhere, length, moment, stage, starts, wall } from "./when";

const at = (text: string) => Date.parse(text);

test("it is time to join ten minutes before the start, until the end", () => {
  const meeting = { status: "scheduled", starts_at: "2026-11-27T14:00:00Z", ends_at: "2026-11-27T14:30:00Z" } as const;
  expect(stage(meeting, at("2026-11-27T13:49:59Z"))).toBe("ahead");
  expect(stage(meeting, at("2026-11-27T13:50:00Z"))).toBe("now");
  expect(stage(meeting, at("2026-11-27T14:29:59Z"))).toBe("now");
  expect(stage(meeting, at("2026-11-27T14:30:00Z"))).toBe("over");
  expect(stage({ ...meeting, status: "cancelled" }, at("2026-11-27T14:00:00Z"))).toBe("cancelled");
});

describe("clocks of a zone", () => {
  test("show what they show there", () => {
    expect(wall("2026-11-27T23:30:00Z", "Europe/Prague")).toEqual({ day: "2026-11-28", time: "00:30" });
    expect(wall("2026-11-27T04:15:00Z", "America/New_York")).toEqual({ day: "2026-11-26", time: "23:15" });
  });

  test("lead back to the moment, on days on which they are set too", () => {
    const check = (day: string, time: string, zone: string, expected: string) =>
      expect(new Date(moment({ day, time }, zone)).toISOString()).toBe(new Date(expected).toISOString());
    check("2026-11-27", "15:00", "Europe/Prague", "2026-11-27T14:00:00Z");
    check("2026-03-29", "01:59", "Europe/Prague", "2026-03-29T00:59:00Z");
    check("2026-03-29", "03:00", "Europe/Prague", "2026-03-29T01:00:00Z");
    // Left out: as if the clocks were set later; twice: the first one. So does the server.
    check("2026-03-29", "02:30", "Europe/Prague", "2026-03-29T01:30:00Z");
    check("2026-10-25", "02:30", "Europe/Prague", "2026-10-25T00:30:00Z");
    check("2026-10-25", "03:00", "Europe/Prague", "2026-10-25T02:00:00Z");
    check("2026-11-01", "01:30", "America/New_York", "2026-11-01T05:30:00Z");
    check("2026-01-01", "00:00", "Asia/Kathmandu", "2025-12-31T18:15:00Z");
  });
});

test("the zone of the organizer is said where its clocks show something else", () => {
  const meeting = { starts_at: "2026-11-27T14:00:00Z", zone: "America/New_York" };
  expect(elsewhere(meeting, "Europe/Prague")).toMatch(/9:00.* in New York$/);
  expect(elsewhere({ ...meeting, zone: "Europe/Berlin" }, "Europe/Prague")).toBeNull();
  expect(elsewhere({ ...meeting, zone: "Pacific/Auckland" }, "Europe/Prague")).toMatch(/Sat.*3:00.* in Auckland$/);
  expect(city("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
});

test("days and lengths have the words that people say", () => {
  const now = at("2026-11-27T22:30:00Z");
  expect(dayName("2026-11-27T22:00:00Z", now, "Europe/Prague")).toBe("Today");
  expect(dayName("2026-11-27T23:00:00Z", now, "Europe/Prague")).toBe("Tomorrow");
  expect(dayName("2026-11-30T12:00:00Z", now, "Europe/Prague")).toMatch(/Monday/);
  expect(dayName("2027-11-30T12:00:00Z", now, "Europe/Prague")).toMatch(/2027/);
  expect([length(30), length(60), length(90), length(121)]).toEqual([
    "30 minutes",
    "1 hour",
    "1 hour 30 minutes",
    "2 hours 1 minute",
  ]);
});

test("meetings stand under the day on which they are here", () => {
  const meetings = ["2026-11-27T22:00:00Z", "2026-11-27T23:30:00Z"].map((starts_at) => ({ starts_at }));
  expect(byDay(meetings, "Europe/Prague").map(([day, all]) => [day, all.length])).toEqual([
    ["2026-11-27", 1],
    ["2026-11-28", 1],
  ]);
});

test("times are offered at full and half hours of the zone, and only where the meeting fits", () => {
  const offered = (from: string, to: string, minutes: number, zone = "UTC", most = 10) =>
    starts([{ from: `2026-11-27T${from}:00Z`, to: `2026-11-27T${to}:00Z` }], minutes, zone, most).map((start) =>
      new Date(start).toISOString().slice(11, 16),
    );
  expect(offered("09:10", "11:00", 60)).toEqual(["09:30", "10:00"]);
  expect(offered("09:00", "10:00", 60)).toEqual(["09:00"]);
  // Nothing round fits: better that than nothing.
  expect(offered("09:05", "10:05", 60)).toEqual(["09:05"]);
  expect(offered("09:00", "12:00", 30, "Asia/Kathmandu")[0]).toBe("09:15");
  expect(offered("00:00", "23:00", 30, "UTC", 3)).toEqual(["00:00", "00:30", "01:00"]);
});
