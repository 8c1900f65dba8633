// The real `rony` on a data folder of its own, and its API as a program uses it.
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const PASSWORD = "correct horse battery";

/** So many questions are on their way at a time. */
const SOCKETS = 32;

const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("RONY_")));

export class Server {
  #rony;
  #folder = mkdtempSync(join(tmpdir(), "rony-measure-"));
  #child;
  #agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  url = "";

  constructor(rony) {
    this.#rony = rony;
  }

  /** Starts it, and waits until it has said its address. */
  async start() {
    this.#child = spawn(this.#rony, ["serve", "--data", this.#folder, "--port", "0", "--metrics", "off"], {
      env: ENVIRONMENT,
      stdio: ["ignore", "pipe", "ignore"],
    });
    for await (const line of createInterface({ input: this.#child.stdout })) {
      this.url = line.match(/Address\s+(\S+)/)?.[1] ?? this.url;
      if (this.url) return;
    }
    throw new Error("rony did not start");
  }

  get pid() {
    return this.#child.pid;
  }

  /** Calls `act` when it ends by itself. */
  onEnd(act) {
    this.#child.once("exit", act);
  }

  end() {
    this.#child?.kill();
    this.#agent.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Makes an account, and signs it in. */
  async person(username, name) {
    const add = ["user", "add", username, "--display-name", name, "--data", this.#folder, "--password-stdin"];
    execFileSync(this.#rony, add, { input: `${PASSWORD}\n`, env: ENVIRONMENT });
    const { token } = await this.#call("POST", "", "/sessions", { username, password: PASSWORD });
    const { id } = await this.#call("GET", token, "/me");
    const post = (path, body) => this.#call("POST", token, path, body);
    return {
      id,
      username,
      post,
      say: (conversation, text) =>
        post(`/conversations/${conversation}/messages`, { client_id: randomUUID(), text }),
    };
  }

  /** How many bytes a file has on the wire. */
  gzipped(url) {
    return new Promise((resolve, reject) => {
      get(url, { headers: { "Accept-Encoding": "gzip" } }, (answer) => {
        let bytes = 0;
        answer.on("data", (part) => {
          bytes += part.length;
        });
        answer.on("end", () => resolve(bytes));
      }).on("error", reject);
    });
  }

  async #call(method, bearer, path, body) {
    for (;;) {
      const { status, wait, text } = await this.#ask(method, bearer, path, body && JSON.stringify(body));
      if (status < 300) return JSON.parse(text);
      if (status !== 429) throw new Error(`${path}: ${status} ${text}`);
      // It says itself when it takes more.
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }

  #ask(method, bearer, path, body) {
    const headers = { "Content-Type": "application/json", ...(bearer && { Authorization: `Bearer ${bearer}` }) };
    return new Promise((resolve, reject) => {
      const asked = request(`${this.url}/api/v1${path}`, { method, headers, agent: this.#agent }, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () => {
          const wait = Number(answer.headers["retry-after"] ?? 1);
          resolve({ status: answer.statusCode, wait, text: Buffer.concat(parts).toString() });
        });
      });
      asked.on("error", reject);
      asked.end(body);
    });
  }
}

/** Does something for each number below `count`, several at a time. */
export async function each(count, act, atOnce = SOCKETS) {
  let next = 0;
  const one = async () => {
    while (next < count) {
      next += 1;
      await act(next - 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}
