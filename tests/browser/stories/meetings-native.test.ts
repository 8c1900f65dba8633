/** A page and a program meet: the example `call`, which plays a tone and a picture, and records what it hears and sees. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { asksIn, isIn, isWatched, MEETING, makeRoom, meets, tile } from "../world/meeting";
import { world } from "../world/story";

const CALL = process.env.TEST_CALL ?? join(import.meta.dirname, "../../../target/debug/call");

const here = world({ flags: MEETING });
let program: ChildProcess | undefined;
let folder: string | undefined;

afterEach(async () => {
  program?.kill("SIGKILL");
  program = undefined;
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  folder = undefined;
});

/** Starts the program, and says where what it prints is gathered. */
async function comes(link: string, name: string): Promise<{ child: ChildProcess; said: () => string; folder: string }> {
  folder = await mkdtemp(join(tmpdir(), "rony-call-"));
  const child = spawn(CALL, [`${here.server.url}${link}`, "--name", name, "--folder", folder, "--loopback"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  program = child;
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text) => {
      said += text;
    });
  }
  return { child, said: () => said, folder };
}

/** The packets of an Ogg file, without the two at its head: how many pieces there are that end. */
function packetsOf(ogg: Buffer): number {
  let packets = 0;
  for (let at = 0; at < ogg.length; ) {
    expect(ogg.toString("latin1", at, at + 4)).toBe("OggS");
    const segments = ogg.subarray(at + 27, at + 27 + ogg.readUInt8(at + 26));
    packets += segments.filter((length) => length < 255).length;
    at += 27 + segments.length + segments.reduce((sum, length) => sum + length, 0);
  }
  return packets - 2;
}

/** The sizes of the frames of an IVF file. */
function framesOf(ivf: Buffer): number[] {
  const sizes: number[] = [];
  for (let at = 32; at < ivf.length; at += 12 + ivf.readUInt32LE(at)) sizes.push(ivf.readUInt32LE(at));
  return sizes;
}

test("a page lets a program in, each sees and hears the other, and the program records it", async () => {
  const room = await makeRoom(here.server, "ann");
  const ann = await here.comes("ann");
  await isWatched(ann);
  await asksIn(ann, room);
  await isIn(ann);

  const call = await comes(room.link, "Recorder");
  await ann.sees("Recorder (guest) wants to come in");
  expect(call.said()).toContain("waiting to be let in");
  await ann.click(ann.button("Let in"));
  await tile(ann, "Recorder").waitFor();
  await meets(ann, { others: 1 });
  // Once more, so that there is something of some length to record.
  await meets(ann, { others: 1 });

  const ended = once(call.child, "exit");
  call.child.kill("SIGINT");
  expect(await ended, call.said()).toEqual([0, null]);
  await tile(ann, "Recorder").waitFor({ state: "detached" });

  const files = await readdir(call.folder);
  const file = (extension: string) => readFile(join(call.folder, files.find((name) => name.endsWith(extension)) ?? extension));
  const [ogg, ivf] = await Promise.all([file(".ogg"), file(".ivf")]);
  expect(packetsOf(ogg), call.said()).toBeGreaterThan(20);
  const frames = framesOf(ivf);
  expect(frames.length, call.said()).toBeGreaterThan(5);
  expect(ivf.readUInt32LE(24)).toBe(frames.length);
  // A key frame begins it, of the size that the header says.
  expect(ivf.readUInt8(44) & 1).toBe(0);
  expect(ivf.toString("hex", 47, 50)).toBe("9d012a");
  const size = [ivf.readUInt16LE(50) & 0x3fff, ivf.readUInt16LE(52) & 0x3fff];
  expect([ivf.readUInt16LE(12), ivf.readUInt16LE(14)]).toEqual(size);
  expect(Math.min(...size)).toBeGreaterThan(90);
});
