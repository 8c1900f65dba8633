/** What is written in a meeting. */
import type { PeerId } from "./wire";

export interface Line {
  client_id: string;
  from: PeerId;
  name: string;
  guest: boolean;
  text: string;
  at: string;
}

/** So many are kept on the page; older ones go. */
const KEPT = 1_000;

/** With one line more; what comes a second time is there already. */
export function heard(lines: readonly Line[], line: Line): readonly Line[] {
  const known = lines.some(({ from, client_id }) => from === line.from && client_id === line.client_id);
  return known ? lines : [...lines, line].slice(-KEPT);
}

/** How many of others came after the one that was read last. */
export function unread(lines: readonly Line[], read: Line | null, self: PeerId): number {
  const from = read === null ? 0 : lines.indexOf(read) + 1;
  return lines.slice(from).filter((line) => line.from !== self).length;
}

/** Whether a line belongs to the one before: the name is not said again then. */
export function follows(line: Line, before: Line | undefined): boolean {
  if (before === undefined || before.from !== line.from) return false;
  return Date.parse(line.at) - Date.parse(before.at) < 5 * 60_000;
}
