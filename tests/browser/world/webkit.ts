/** WebKit as GTK has it, driven by plain WebDriver over HTTP: each session is a browser of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { hiddenScreen } from "./screen";
import type { Driver, Screen } from "./smoke";
import { freePort } from "./server";

const PATIENCE = 30_000;
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const ENTER = "\uE007";

export async function webkit(): Promise<Driver> {
  // It has no way to run without one.
  const screen = await hiddenScreen();
  const open: (() => Promise<void>)[] = [];
  return {
    async open(url) {
      const port = await freePort();
      // A driver has one session at a time.
      const driver = spawn(process.env.TEST_WEBKIT ?? "/usr/bin/WebKitWebDriver", [`--port=${port}`], {
        env: { ...process.env, ...screen.environment, GDK_BACKEND: "x11", LIBGL_ALWAYS_SOFTWARE: "1" },
        stdio: "ignore",
      });
      open.push(() => end(driver));
      await Session.isReady(port);
      const session = await Session.begin(port);
      open.unshift(() => session.ask("DELETE", "").catch(() => {}));
      await session.ask("POST", "/url", { url });
      return page(session);
    },
    async close() {
      for (const close of open) await close();
      await screen.close();
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill();
  await ended;
}

function page(session: Session): Screen {
  return {
    async fill(label, text) {
      // The label of a field, or its own.
      const field = await session.find(
        `//*[@aria-label='${label}'][self::input or self::textarea] | //input[@id=//label[normalize-space()='${label}']/@for]`,
      );
      await session.ask("POST", `/element/${field}/click`, {});
      await session.ask("POST", `/element/${field}/value`, { text });
    },
    async press(name) {
      const button = await session.find(`//button[normalize-space()='${name}' or @aria-label='${name}']`);
      await session.ask("POST", `/element/${button}/click`, {});
    },
    async enter() {
      const active = await session.ask("GET", "/element/active");
      await session.ask("POST", `/element/${active[ELEMENT]}/value`, { text: ENTER });
    },
    async sees(text) {
      await session.find(`//*[@role='log']//*[contains(., '${text}')]`);
    },
    async count(text) {
      const script =
        "return [...document.querySelectorAll('[role=log] [data-index]')].filter((row) => row.textContent.includes(arguments[0])).length";
      return session.ask("POST", "/execute/sync", { script, args: [text] });
    },
    async reload() {
      await session.ask("POST", "/refresh", {});
    },
  };
}

/** A WebDriver session. */
class Session {
  private constructor(private readonly base: string) {}

  /** Waits until the driver answers. */
  static async isReady(port: number): Promise<void> {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/status`).catch(() => null);
      if (answer?.ok) return;
      if (Date.now() > until) throw new Error("WebKitWebDriver did not start");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  static async begin(port: number): Promise<Session> {
    const driver = new Session(`http://127.0.0.1:${port}`);
    const alwaysMatch = {
      "webkitgtk:browserOptions": { binary: process.env.TEST_MINIBROWSER ?? minibrowser(), args: ["--automation"] },
      timeouts: { implicit: PATIENCE },
    };
    const { sessionId } = await driver.ask("POST", "/session", { capabilities: { alwaysMatch } });
    return new Session(`http://127.0.0.1:${port}/session/${sessionId}`);
  }

  /** The element at this XPath, as soon as there is one. */
  async find(value: string): Promise<string> {
    return (await this.ask("POST", "/element", { using: "xpath", value }))[ELEMENT];
  }

  // biome-ignore lint/suspicious/noExplicitAny: each command answers something else
  async ask(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await fetch(this.base + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
    const { value } = (await answer.json()) as { value: { message?: string } };
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.message}`);
    return value;
  }
}

/** Where the systems put the small browser that WebKit brings along. */
function minibrowser(): string {
  return `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/webkit2gtk-4.1/MiniBrowser`;
}
