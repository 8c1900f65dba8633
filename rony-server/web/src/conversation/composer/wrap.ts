/** Puts Markdown's marks around what is selected, or takes them away. */
export function wrapped(
  text: string,
  from: number,
  to: number,
  mark: string,
): { text: string; from: number; to: number } {
  const [before, inside, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  const size = mark.length;
  if (before.endsWith(mark) && after.startsWith(mark)) {
    return { text: before.slice(0, -size) + inside + after.slice(size), from: from - size, to: to - size };
  }
  return { text: before + mark + inside + mark + after, from: from + size, to: to + size };
}
