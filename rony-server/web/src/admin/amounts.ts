/** Amounts as people say them. */

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** `1.4 MB`. */
export function size(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1_000 && unit < UNITS.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  const digits = unit > 0 && amount < 10 ? 1 : 0;
  return new Intl.NumberFormat(undefined, {
    style: "unit",
    unit: UNITS[unit],
    maximumFractionDigits: digits,
  }).format(amount);
}

const SPANS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** `3 days, 4 hours`; the two largest, and nothing smaller than a minute. */
export function span(milliseconds: number): string {
  let rest = milliseconds;
  const said: string[] = [];
  for (const [unit, length] of SPANS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) said.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return said.slice(0, 2).join(", ") || "less than a minute";
}
