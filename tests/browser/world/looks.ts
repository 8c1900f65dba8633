/** How a page looks, for those who cannot see it well and for those who look after the design. */
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Person } from "./person";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PICTURES = join(import.meta.dirname, "../../../docs/screenshots");

/** What axe finds on the page as it is now. */
export async function faults(person: Person): Promise<string[]> {
  // In a page whose policy lets no other script in, it has to come by the browser itself.
  await person.page.evaluate(await readFile(AXE, "utf8"));
  const found = await person.page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe was put there just now
    const { violations } = await (window as any).axe.run(document);
    // biome-ignore lint/suspicious/noExplicitAny: as above
    return violations.map(({ id, nodes }: any) => `${id}: ${nodes.map(({ html }: any) => html.slice(0, 160)).join(" | ")}`);
  });
  return found;
}

/** Keeps a picture where it is asked for: for the README, or of everything for whoever looks after the design. */
export async function keepPicture(person: Person, name: string, look: string, forAll = false): Promise<void> {
  const asked = process.env.SCREENSHOTS;
  if (!asked || (asked === "1" && !forAll)) return;
  const folder = asked === "1" ? PICTURES : asked;
  await mkdir(folder, { recursive: true });
  // The mouse and the caret are nobody's business.
  await person.page.mouse.move(0, 0);
  const path = join(folder, `${name.replace(/\W+/g, "-")}-${look}.png`);
  await person.page.screenshot({ path, caret: "hide", animations: "disabled" });
}

/** By how many pixels the page is wider than the screen. */
export function overhang(person: Person): Promise<number> {
  return person.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
