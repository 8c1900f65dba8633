/** What stories of files have in common: how one gets at an item, and files that are made up. */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Locator, Page } from "playwright-core";
import type { Person } from "./person";

export interface Made {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export function text(name: string, words: string, mimeType = "text/plain"): Made {
  return { name, mimeType, buffer: Buffer.from(words) };
}

export function noise(name: string, size: number): Made {
  return { name, mimeType: "application/octet-stream", buffer: randomBytes(size) };
}

/** A picture of one colour. */
export function png(name: string, width: number, height: number, colour: readonly [number, number, number]): Made {
  const line = Buffer.concat([Buffer.from([0]), Buffer.from(Array.from({ length: width }, () => colour).flat())]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const buffer = Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
  return { name, mimeType: "image/png", buffer };
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** A PDF with a line on each of its pages. */
export function pdf(name: string, lines: readonly string[]): Made {
  const pages = lines.map((_, index) => `${4 + 2 * index} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${pages}] /Count ${lines.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...lines.flatMap((line, index) => {
      const drawn = `BT /F1 32 Tf 60 700 Td (${line}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * index} 0 R >>`,
        `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
      ];
    }),
  ];
  let body = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const at = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join("")}`;
  const end = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return { name, mimeType: "application/pdf", buffer: Buffer.from(body + table + end, "latin1") };
}

/** A folder on the disk with these files in it, by their ways. */
export async function folderWith(name: string, files: Record<string, string>): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), "rony-folder-")), name);
  for (const [way, words] of Object.entries(files)) {
    await mkdir(dirname(join(folder, way)), { recursive: true });
    await writeFile(join(folder, way), words);
  }
  return folder;
}

/** A file or folder in the list. */
export function item(person: Person, name: string): Locator {
  return person.page.locator("[data-cell]").filter({ has: person.page.getByText(name, { exact: true }) });
}

/** Uploads into the folder that is open, and waits until it is there. */
export async function uploads(person: Person, ...files: Made[]): Promise<void> {
  await person.field("Files to upload").setInputFiles(files);
  for (const { name } of files) await item(person, name).waitFor();
}

/** Does something with an item from its menu. */
export async function doesWith(person: Person, name: string, what: string | RegExp): Promise<void> {
  await item(person, name).hover();
  await item(person, name).getByRole("button", { name: `More for ${name}` }).click();
  await person.page.getByRole("menuitem", { name: what }).click();
}

/** Goes to one of the places of the files. */
export async function goesTo(person: Person, place: string): Promise<void> {
  await person.page.getByRole("navigation", { name: "Files" }).getByRole("link", { name: place }).click();
}

/** Drops files onto a part of the page, as if they came from a folder of the system. */
export async function drops(page: Page, onto: Locator, ...files: Made[]): Promise<void> {
  const data = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, type, bytes } of all) {
      transfer.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name, { type }));
    }
    return transfer;
  }, files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, bytes: buffer.toString("base64") })));
  for (const kind of ["dragover", "drop"]) await onto.dispatchEvent(kind, { dataTransfer: data });
}
