/** Firefox, driven by WebDriver BiDi. */
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import type { Driver, Screen } from "./smoke";

const PATIENCE = 30_000;

export async function firefox(): Promise<Driver> {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.TEST_FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
  });
  return { open: (url) => open(browser, url), close: () => browser.close() };
}

async function open(browser: Browser, url: string): Promise<Screen> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width: 1200, height: 800 });
  await page.goto(url);
  return {
    fill: async (label, text) => {
      const field = await page.waitForSelector(`aria/${label}`, { visible: true });
      await field?.click();
      await field?.type(text);
    },
    press: (name) => page.locator(`aria/${name}[role="button"]`).click(),
    enter: () => page.keyboard.press("Enter"),
    sees: async (text) => {
      await page.waitForFunction((wanted) => document.querySelector("[role=log]")?.textContent?.includes(wanted), {}, text);
    },
    count: (text) => count(page, text),
    reload: async () => {
      await page.reload();
    },
  };
}

function count(page: Page, text: string): Promise<number> {
  return page.evaluate(
    (wanted) => [...document.querySelectorAll("[role=log] [data-index]")].filter((row) => row.textContent?.includes(wanted)).length,
    text,
  );
}
