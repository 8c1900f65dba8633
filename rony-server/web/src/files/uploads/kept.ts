/** What uploads know of themselves after the page was loaded anew: all but the file, for which the person is asked again. */

export interface Kept {
  id: string;
  /** Where the server takes the rest. */
  url: string;
  name: string;
  size: number;
  parent: string | null;
  /** What the folder is called. */
  where: string;
  /** The page that has it under way. */
  page: string;
}

/** What the names begin with under which the browser keeps them. */
const UPLOADS = "rony-uploads-";

const PAGE = crypto.randomUUID();
const lockOf = (page: string) => `rony-uploads-${page}`;

export class Keep {
  /** `owner` is who uploads: another person may sign in in the same browser. */
  constructor(private readonly owner: string) {
    // As long as this page is there, no other one takes what it has under way for lost.
    void navigator.locks?.request(lockOf(PAGE), () => new Promise(() => {}));
  }

  /** What no page has under way any more. It is this page's from now on. */
  async lost(): Promise<Kept[]> {
    const held = (await navigator.locks?.query())?.held?.map(({ name }) => name) ?? [];
    const all = this.read();
    const lost = all.filter(({ page }) => page !== PAGE && !held.includes(lockOf(page)));
    this.write(all.map((one) => (lost.includes(one) ? { ...one, page: PAGE } : one)));
    return lost;
  }

  put(upload: Omit<Kept, "page">): void {
    this.write([...this.read().filter(({ id }) => id !== upload.id), { ...upload, page: PAGE }]);
  }

  remove(id: string): void {
    const all = this.read();
    if (all.some((one) => one.id === id)) this.write(all.filter((one) => one.id !== id));
  }

  private get key(): string {
    return UPLOADS + this.owner;
  }

  private read(): Kept[] {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }

  private write(all: readonly Kept[]): void {
    if (all.length === 0) localStorage.removeItem(this.key);
    else localStorage.setItem(this.key, JSON.stringify(all));
  }
}

/** Nothing of what was uploaded here is remembered any more: it has the names of files. */
export function forgetUploads(): void {
  for (const name of Object.keys(localStorage)) if (name.startsWith(UPLOADS)) localStorage.removeItem(name);
}
