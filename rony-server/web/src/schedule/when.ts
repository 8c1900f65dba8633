/** When meetings are: what clocks show in a zone, which words say it, and whether it is time to join. */
import type { Meeting, Notification } from "@/api/types";

const MINUTE = 60_000;
/** So long before the start "Join" is what one came for. */
const EARLY = 10 * MINUTE;

export type Stage = "ahead" | "now" | "over" | "cancelled";

/** What is to be done about a meeting at that moment. */
export function stage(
  { status, starts_at, ends_at }: Pick<Meeting, "status" | "starts_at" | "ends_at">,
  now: number,
): Stage {
  if (status === "cancelled") return "cancelled";
  if (Date.parse(ends_at) <= now) return "over";
  return Date.parse(starts_at) - EARLY <= now ? "now" : "ahead";
}

/** What clocks show somewhere: the day as `2026-11-27`, the time as `15:00`. */
export interface Wall {
  day: string;
  time: string;
}

/** The zone of this device. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

const walls = new Map<string, Intl.DateTimeFormat>();

export function wall(moment: string | number, zone: string): Wall {
  let format = walls.get(zone);
  if (format === undefined) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
    format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", ...parts });
    walls.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]));
  const year = (parts.year ?? "").padStart(4, "0");
  return { day: `${year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** The first moment at which clocks there show this: what the server makes of it too, but for times that are left out. */
export function moment({ day, time }: Wall, zone: string): number {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  // The offset is that of a moment near by, earlier or later than the clocks may be set in between.
  const guesses = [wanted - 24 * 60 * MINUTE, wanted + 24 * 60 * MINUTE].map((near) => wanted - offset(near, zone));
  const right = guesses.filter((guess) => guess + offset(guess, zone) === wanted);
  return right.length > 0 ? Math.min(...right) : Math.max(...guesses);
}

/** How far clocks there are before UTC, in milliseconds. */
function offset(at: number, zone: string): number {
  const { day, time } = wall(at, zone);
  return Date.parse(`${day}T${time}:00Z`) - Math.floor(at / MINUTE) * MINUTE;
}

/** `15:00 – 15:30`, or with the day of the end where that is another one. */
export function hours(from: string, to: string, zone = ownZone()): string {
  return new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", timeZone: zone }).formatRange(
    new Date(from),
    new Date(to),
  );
}

/** `Today`, `Tomorrow`, `Friday, 27 November`. */
export function dayName(at: string | number, now: number, zone = ownZone()): string {
  const [then, today] = [wall(at, zone).day, wall(now, zone).day];
  const days = Math.round((Date.parse(then) - Date.parse(today)) / (24 * 60 * MINUTE));
  if (days === 0 || days === 1) {
    const name = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(days, "day");
    return name.charAt(0).toUpperCase() + name.slice(1);
  }
  const year = then.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric";
  const parts = { weekday: "long", day: "numeric", month: "long", year, timeZone: zone } as const;
  return new Intl.DateTimeFormat(undefined, parts).format(new Date(at));
}

/** The city of a zone: `New York`. */
export function city(zone: string): string {
  return zone.split("/").at(-1)?.replaceAll("_", " ") || zone;
}

/** What the clocks of the organizer's zone show, where that is something else than here: `9:00 in New York`, and the day if that is another one. */
export function elsewhere({ starts_at, zone }: Pick<Meeting, "starts_at" | "zone">, here = ownZone()): string | null {
  const [there, own] = [wall(starts_at, zone), wall(starts_at, here)];
  if (there.day === own.day && there.time === own.time) return null;
  const day = there.day === own.day ? {} : ({ weekday: "short" } as const);
  const format = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", timeZone: zone, ...day });
  return `${format.format(new Date(starts_at))} in ${city(zone)}`;
}

/** What a notification says of a meeting: who asks, what became of it, or that it begins. */
export function said(kind: Notification["kind"], { starts_at, ends_at }: Meeting, who: string, now: number): string {
  const time = `${dayName(starts_at, now)}, ${hours(starts_at, ends_at)}`;
  switch (kind) {
    case "meeting_invitation":
      return `${who} asks you to come: ${time}`;
    case "meeting_change":
      return `${who} changed it: ${time}`;
    case "meeting_cancellation":
      return `${who} cancelled it.`;
    default: {
      const minutes = Math.round((Date.parse(starts_at) - now) / MINUTE);
      if (minutes <= 0) return "It begins now.";
      return minutes > 90 ? `It begins: ${time}` : `It begins in ${length(minutes)}.`;
    }
  }
}

/** `30 minutes`, `1 hour`, `1 hour 30 minutes`. */
export function length(minutes: number): string {
  const [hour, rest] = [Math.floor(minutes / 60), minutes % 60];
  const part = (count: number, one: string) => (count === 0 ? "" : count === 1 ? `1 ${one}` : `${count} ${one}s`);
  return [part(hour, "hour"), part(rest, "minute")].filter(Boolean).join(" ");
}

/** Meetings in their order, in groups for each day. */
export function byDay<T extends { starts_at: string }>(meetings: readonly T[], zone = ownZone()): [string, T[]][] {
  const days = new Map<string, T[]>();
  for (const meeting of meetings) {
    const { day } = wall(meeting.starts_at, zone);
    days.set(day, [...(days.get(day) ?? []), meeting]);
  }
  return [...days];
}

export interface Window {
  from: string;
  to: string;
}

/** Moments at which a meeting may start so that it ends within a window, at full and half hours of the zone. A window that has none of those gives its beginning. */
export function starts(windows: readonly Window[], minutes: number, zone: string, most: number): number[] {
  const found: number[] = [];
  for (const { from, to } of windows) {
    const [first, last] = [Date.parse(from), Date.parse(to) - minutes * MINUTE];
    const round = rounded(first, zone);
    if (round > last) found.push(first);
    for (let at = round; at <= last && found.length < most; at += 30 * MINUTE) found.push(at);
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}

/** The next moment at which clocks there show a full or a half hour. */
function rounded(at: number, zone: string): number {
  const shown = Number(wall(at, zone).time.slice(3)) % 30;
  const whole = Math.floor(at / MINUTE) * MINUTE;
  if (shown === 0 && whole === at) return at;
  return whole + (30 - shown) * MINUTE;
}
