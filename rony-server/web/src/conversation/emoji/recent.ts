/** The emoji that a person uses most, remembered in this browser. */
const KEY = "rony-emoji";
const FIRST = ["👍", "❤️", "😂", "🎉", "🙏", "👀", "✅", "😮"];

/** The newest first, filled up with those that most people use. */
export function frequent(): string[] {
  return [...new Set([...read(), ...FIRST])].slice(0, 8);
}

export function used(emoji: string): void {
  localStorage.setItem(KEY, JSON.stringify([...new Set([emoji, ...read()])].slice(0, 8)));
}

function read(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}
