/** The names of emoji, for `:name`. They are loaded once, when somebody writes a `:`. */

/** Where this server has them. */
export const EMOJI_URL = new URL("emoji", document.baseURI).href;

export interface Named {
  emoji: string;
  /** As it is written between colons. */
  name: string;
  words: readonly string[];
}

interface Entry {
  emoji: string;
  hexcode: string;
  label: string;
  tags?: string[];
}

let loading: Promise<readonly Named[]> | null = null;

export function loadEmoji(): Promise<readonly Named[]> {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<readonly Named[]> {
  const [entries, codes] = await Promise.all([
    fetch(`${EMOJI_URL}/en/data.json`).then((answer) => answer.json() as Promise<Entry[]>),
    fetch(`${EMOJI_URL}/en/shortcodes.json`).then(
      (answer) => answer.json() as Promise<Record<string, string | string[]>>,
    ),
  ]);
  return entries.flatMap(({ emoji, hexcode, label, tags = [] }) => {
    const names = [codes[hexcode] ?? []].flat();
    const name = names[0];
    return name === undefined ? [] : [{ emoji, name, words: [...names, ...label.toLowerCase().split(" "), ...tags] }];
  });
}

/** Those whose names begin with the letters, then those with a word that does. */
export function findEmoji(all: readonly Named[], letters: string, most: number): Named[] {
  const wanted = letters.toLowerCase();
  const byName = all.filter(({ name }) => name.startsWith(wanted));
  const byWord = all.filter(
    ({ name, words }) => !name.startsWith(wanted) && words.some((word) => word.startsWith(wanted)),
  );
  return [...byName, ...byWord].slice(0, most);
}
