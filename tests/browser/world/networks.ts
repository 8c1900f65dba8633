/**
 * A local network of its own: a switch with one machine for the server and one for each person, as network namespaces of this machine. They
 * live as long as a process in them, so nothing of them is left when the tests end, however they end.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { CHROMIUM, openBrowser } from "./person";

const run = promisify(execFile);

/** A machine of such a network. */
export interface Machine {
  readonly address: string;
  /** What comes before a command that is to run there. */
  readonly within: readonly string[];
}

export class LocalNetwork {
  private constructor(
    private readonly holders: ChildProcess[],
    private readonly folder: string,
    readonly machines: readonly Machine[],
  ) {}

  /** With so many machines; the switch is in the first. */
  static async of(count: number): Promise<LocalNetwork> {
    const holders: ChildProcess[] = [];
    try {
      for (let number = 0; number < count; number += 1) holders.push(await holder());
      const machines = holders.map(({ pid }, number) => ({
        address: `10.77.0.${number + 1}`,
        within: ["nsenter", "--target", String(pid), "--net", "--"],
      }));
      const [first, ...others] = machines;
      if (first === undefined) throw new Error("a network has at least one machine");
      const ip = (machine: Machine, what: string) => does(machine, ["ip", ...what.split(" ")]);
      await ip(first, "link add switch type bridge");
      await ip(first, `address add ${first.address}/24 dev switch`);
      for (const device of ["switch", "lo"]) await ip(first, `link set ${device} up`);
      for (const [index, machine] of others.entries()) {
        await ip(first, `link add port${index} type veth peer name eth0 netns ${holders[index + 1]?.pid}`);
        await ip(first, `link set port${index} master switch up`);
        await ip(machine, `address add ${machine.address}/24 dev eth0`);
        for (const device of ["eth0", "lo"]) await ip(machine, `link set ${device} up`);
        await ip(machine, `route add default via ${first.address}`);
      }
      return new LocalNetwork(holders, await mkdtemp(join(tmpdir(), "rony-network-")), machines);
    } catch (error) {
      for (const one of holders) one.kill("SIGKILL");
      throw new Error(`a network of its own needs Linux, root, and the programs unshare, nsenter and ip: ${error}`);
    }
  }

  /** A browser on this machine. */
  async browser(machine: Machine, flags: readonly string[]): Promise<Browser> {
    const path = join(this.folder, `browser-${machine.address}`);
    await writeFile(path, `#!/bin/sh\nexec ${machine.within.join(" ")} ${CHROMIUM} "$@"\n`, { mode: 0o755 });
    return openBrowser(flags, path);
  }

  async remove(): Promise<void> {
    for (const one of this.holders) {
      const ended = once(one, "exit");
      one.kill("SIGKILL");
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Runs a command on a machine, and gives what it said. */
export async function does(machine: Machine, command: readonly string[]): Promise<string> {
  const [program = "", ...rest] = [...machine.within, ...command];
  return (await run(program, rest)).stdout;
}

/** A process that keeps a namespace, as soon as it is in one. It ends with this one: its input does. */
async function holder(): Promise<ChildProcess> {
  // What it says, it says within the namespace.
  const child = spawn("unshare", ["--net", "sh", "-c", "echo; exec cat"], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const failed = once(child, "close").then(() => {
    throw new Error(said.trim());
  });
  await Promise.race([once(child.stdout, "data"), failed]);
  failed.catch(() => {});
  return child;
}
