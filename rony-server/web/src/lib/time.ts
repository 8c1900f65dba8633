/** Moments as people say them, in the language of their browser. */

const DAY = 86_400_000;

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const thisYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const anyYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** `14:05`. */
export function clockTime(moment: string | Date): string {
  return clock.format(new Date(moment));
}

/** All of it, for a tooltip. */
export function fullTime(moment: string | Date): string {
  return full.format(new Date(moment));
}

/** As short as it is still clear: the time today, `Yesterday`, the day of this week, else the date. */
export function shortTime(moment: string, now: Date = new Date()): string {
  const then = new Date(moment);
  const days = daysBetween(then, now);
  if (days === 0) return clock.format(then);
  if (days === 1) return capital(relative.format(-1, "day"));
  if (days > 1 && days < 7) return weekday.format(then);
  return shortDate(then, now);
}

/** `3 Nov`, with the year where it is another one. */
export function shortDate(moment: string | Date, now: Date = new Date()): string {
  const then = new Date(moment);
  return (then.getFullYear() === now.getFullYear() ? thisYear : anyYear).format(then);
}

/** `just now`, `5 minutes ago`, `yesterday`, `3 Nov`. */
export function ago(moment: string, now: Date = new Date()): string {
  const then = new Date(moment);
  const minutes = Math.round((now.getTime() - then.getTime()) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return relative.format(-minutes, "minute");
  const days = daysBetween(then, now);
  if (days === 0) return relative.format(-Math.round(minutes / 60), "hour");
  if (days < 7) return relative.format(-days, "day");
  return shortDate(then, now);
}

/** `until 14:05`, `until tomorrow, 9:00`, `until 3 Nov, 9:00`. */
export function until(moment: string, now: Date = new Date()): string {
  const then = new Date(moment);
  const days = daysBetween(now, then);
  if (days <= 0) return `until ${clock.format(then)}`;
  const day = days === 1 ? relative.format(1, "day") : days < 7 ? weekday.format(then) : shortDate(then, now);
  return `until ${day}, ${clock.format(then)}`;
}

/** Whether the moment is still to come. */
export function isAhead(moment: string | null | undefined, now = Date.now()): boolean {
  return moment != null && Date.parse(moment) > now;
}

/** How many midnights lie between the two, here. */
function daysBetween(earlier: Date, later: Date): number {
  const start = new Date(earlier).setHours(0, 0, 0, 0);
  const end = new Date(later).setHours(0, 0, 0, 0);
  return Math.round((end - start) / DAY);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
