/** Somebody at a screen of their own. */
import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import type { Screen } from "./screen";
import type { Server } from "./server";

/** How long something may take until it is seen. */
const PATIENCE = 15_000;

export interface Look {
  width?: number;
  height?: number;
  dark?: boolean;
  /** A phone: touch, and a narrow screen. */
  phone?: boolean;
  /** Where the server is for them, if it is not where it is for all. */
  at?: string;
}

export const PASSWORD = "correct horse battery";

export const CHROMIUM = process.env.TEST_CHROMIUM ?? "/usr/bin/chromium";

/** A browser; with a screen it is as people have it, else one without any, which answers its own questions. */
export async function openBrowser(more: readonly string[] = [], executablePath = CHROMIUM, screen?: Screen): Promise<Browser> {
  return chromium.launch({
    executablePath,
    ...(screen && { headless: false, env: { ...process.env, ...screen.environment } }),
    // Letters look the same on every machine then; and root may run it, as CI does.
    args: ["--no-sandbox", "--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb", ...more],
  });
}

export class Person {
  /** What a mouse or a finger did so far. */
  clicks = 0;
  /** What the page said against itself: errors, and what its policy stopped. */
  readonly complaints: string[] = [];

  private constructor(
    readonly server: Server,
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly phone: boolean,
  ) {
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && /Content.Security.Policy|Uncaught|Warning:/.test(text)) this.complaints.push(text);
    });
  }

  /** Somebody who has not opened anything yet. */
  static async arrives(browser: Browser, server: Server, look: Look = {}): Promise<Person> {
    const { phone = false, dark = false } = look;
    const context = await browser.newContext({
      baseURL: look.at ?? server.url,
      viewport: { width: look.width ?? (phone ? 360 : 1280), height: look.height ?? (phone ? 740 : 800) },
      hasTouch: phone,
      isMobile: phone,
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
    });
    context.setDefaultTimeout(PATIENCE);
    return new Person(server, context, await context.newPage(), phone);
  }

  /** The same person at another screen, where they are signed in too: a second tab. */
  async secondTab(): Promise<Person> {
    return this.at(await this.context.newPage());
  }

  /** The same person at a page that they opened. */
  at(page: Page): Person {
    return new Person(this.server, this.context, page, this.phone);
  }

  async open(address = "/"): Promise<void> {
    await this.page.goto(address);
  }

  /** Signs in by the form, and waits until the page is theirs. */
  async signIn(username: string, password = PASSWORD, place = "/"): Promise<void> {
    await this.open(`/#${place}`);
    await this.field("Username").fill(username);
    await this.field("Password").fill(password);
    await this.button("Sign in").click();
    await this.seesList();
  }

  /** The page is there, with this person's conversations. */
  async seesList(): Promise<void> {
    await this.page.getByRole("navigation", { name: "Places" }).or(this.composer).first().waitFor();
  }

  /** Clicks, counted. */
  async click(what: Locator): Promise<void> {
    this.clicks += 1;
    await what.click();
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Where messages are written. */
  get composer(): Locator {
    return this.page.getByRole("textbox", { name: /^(Message |Write a note|Reply in this thread)/ }).last();
  }

  /** The list of messages. */
  get log(): Locator {
    return this.page.getByRole("log").first();
  }

  /** A message with just this in it. */
  message(text: string): Locator {
    return this.log.locator("[data-index]").filter({ hasText: text });
  }

  /** Writes and sends; on a phone, where Enter begins a line, by the button. */
  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    if (this.phone) await this.click(this.button("Send").last());
    else await this.composer.press("Enter");
  }

  /** The conversation in the list. */
  row(title: string): Locator {
    return this.page.getByRole("listitem").filter({ has: this.page.locator("a[data-row]") }).filter({ hasText: title });
  }

  /** What can be done with a message, from its menu. */
  async does(what: string, text: string): Promise<void> {
    await this.message(text).hover();
    await this.message(text).getByRole("button", { name: "More", exact: true }).click();
    await this.page.getByRole("menuitem", { name: what, exact: true }).click();
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  async sees(what: string | RegExp): Promise<void> {
    await this.page.getByText(what).filter({ visible: true }).first().waitFor();
  }

  async cutOff(): Promise<void> {
    await this.context.setOffline(true);
  }

  async isBack(): Promise<void> {
    await this.context.setOffline(false);
  }

  /** Leaves a picture for whoever looks at a story that failed. */
  async leavesPicture(): Promise<void> {
    const folder = join(import.meta.dirname, "../failures");
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${Date.now()}-${randomUUID().slice(0, 4)}.png`) }).catch(() => {});
  }
}
