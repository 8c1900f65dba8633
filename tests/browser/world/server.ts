/** The real `rony`, on a data folder of its own. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const RONY = process.env.TEST_RONY ?? join(import.meta.dirname, "../../../target/debug/rony");

/** Without the settings that whoever runs the tests may have. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("RONY_")));

/** The conversation that everybody is in. */
export const GENERAL = "00000000-0000-7000-8000-000000000002";

export class Server {
  private child: ChildProcess | undefined;
  /** The link that the first start printed. */
  setupLink = "";

  private constructor(
    readonly url: string,
    readonly port: number,
    readonly folder: string,
    private readonly arguments_: readonly string[],
    private readonly within: readonly string[] = [],
  ) {}

  /** A server that nobody has set up yet. */
  static async start(...more: string[]): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "rony-browser-"));
    const port = await freePort();
    const server = new Server(`http://localhost:${port}`, port, folder, more);
    await server.begin();
    return server;
  }

  /** One for the local network of the machine that is reached by `within`, where it is known by this address. */
  static async startForNetwork(address: string, within: readonly string[], ...more: string[]): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "rony-browser-"));
    const port = await freePort();
    const server = new Server(`https://${address}:${port}`, port, folder, ["--lan", ...more], within);
    await server.begin();
    return server;
  }

  /** Starts it, and waits until it has said its address. */
  async begin(): Promise<void> {
    const settings = ["--data", this.folder, "--port", String(this.port), "--metrics", "off"];
    const [program = RONY, ...rest] = [...this.within, RONY, "serve", ...settings, ...this.arguments_];
    const child = spawn(program, rest, {
      env: ENVIRONMENT,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    let said = "";
    child.stderr?.on("data", (text) => {
      said += text;
    });
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const link = line.match(/Set up\s+(\S+)/)?.[1];
      if (link) this.setupLink = link;
      if (line.includes("press Ctrl-C")) return;
    }
    throw new Error(`rony did not start:\n${said}`);
  }

  /** Ends it as an operator does, or at once, as a crash does. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  /** Makes an account at the server's command line. */
  async addUser(username: string, displayName: string, password: string, ...more: string[]): Promise<void> {
    const settings = ["--data", this.folder, "--display-name", displayName, "--password-stdin", ...more];
    const adding = promisify(execFile)(RONY, ["user", "add", username, ...settings], { env: ENVIRONMENT });
    adding.child.stdin?.end(`${password}\n`);
    await adding;
  }

  /** Ends it and removes what it kept. */
  async remove(): Promise<void> {
    await this.end("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
