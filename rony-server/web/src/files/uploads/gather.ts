/** The files in what was dropped, pasted or picked; those in folders with the names of the folders above them. */

export interface Gathered {
  file: File;
  /** The folders that it lies in, from the outermost. */
  folders: readonly string[];
}

/** Whether files are dragged: from outside, or out of this page. */
export function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes("Files") === true;
}

/** What was dropped. It is asked for at once: a moment later the browser has taken it away. */
export function dropped(data: DataTransfer): Promise<Gathered[]> {
  const entries = [...data.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile())
    .filter((entry) => entry !== null);
  return Promise.all(
    entries.map((entry) => (entry instanceof File ? [{ file: entry, folders: [] }] : within(entry, []))),
  ).then((found) => found.flat());
}

/** What was picked: of a folder, the browser writes the way to each file into it. */
export function picked(files: Iterable<File>): Gathered[] {
  return [...files].map((file) => ({ file, folders: file.webkitRelativePath.split("/").slice(0, -1) }));
}

async function within(entry: FileSystemEntry, folders: readonly string[]): Promise<Gathered[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, folders }];
  }
  const found: Gathered[] = [];
  const below = [...folders, entry.name];
  for (const child of await children(entry as FileSystemDirectoryEntry)) found.push(...(await within(child, below)));
  return found;
}

/** Browsers tell them in parts, until an empty one. */
async function children(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return all;
    all.push(...part);
  }
}

/** Lets the person choose one file. */
export function chooseFile(): Promise<File> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.onchange = () => input.files?.[0] && resolve(input.files[0]);
    input.click();
  });
}
