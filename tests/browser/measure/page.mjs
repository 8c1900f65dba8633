// What is measured in the page, by its own clock.
import { randomUUID } from "node:crypto";
import { PASSWORD } from "./server.mjs";

/** Puts into each page what the measures below share. */
export async function prepare(context) {
  await context.addInitScript(() => {
    /** Calls `done` in the frame that draws a message with this text within the list's view. */
    const seen = (text, done, until = performance.now() + 60_000) => {
      if (performance.now() > until) throw new Error(`"${text}" was not seen within a minute`);
      const log = document.querySelector("[role=log]");
      const view = log?.getBoundingClientRect();
      const row = [...(log?.querySelectorAll("[data-index]") ?? [])].findLast((one) => one.textContent.includes(text));
      const place = row?.getBoundingClientRect();
      if (place && place.bottom > view.top && place.top < view.bottom) done();
      else requestAnimationFrame(() => seen(text, done, until));
    };
    const long = [];
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) long.push(task.duration);
    }).observe({ type: "longtask" });
    window.rony = { seen, long };
  });
}

export async function signIn(page, username) {
  await page.goto("/");
  await page.getByLabel("Username", { exact: true }).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "Places" }).waitFor();
}

/** From the address to the newest message, in a browser that has the files; and the scripts that are there then. */
export async function firstLoad(page, conversation, newest) {
  await page.goto("about:blank");
  await page.goto(`/#/c/${conversation}`);
  const ms = await page.evaluate(
    (text) => new Promise((resolve) => window.rony.seen(text, () => resolve(performance.now()))),
    newest,
  );
  const scripts = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  return { ms: round(ms), scripts: scripts.filter((name) => name.endsWith(".js")) };
}

/** So long a mouse rests on a row before it is pressed: people take longer. */
const REST = 200;

/**
 * From the click until the newest message of another conversation is drawn. `to` has pairs of an id and that message's text. With
 * `pointed` the mouse comes to the row first, as a person's does.
 */
export async function switching(page, to, { pointed = false } = {}) {
  const times = [];
  for (const [id, text] of to) {
    await toRow(page, id);
    if (pointed) {
      await page.locator(`a[data-row][href$="${id}"]`).hover();
      await page.waitForTimeout(REST);
    }
    times.push(
      await page.evaluate(
        ([id, text]) =>
          new Promise((resolve) => {
            const begin = performance.now();
            document.querySelector(`a[data-row][href$="${id}"]`).click();
            window.rony.seen(text, () => resolve(performance.now() - begin));
          }),
        [id, text],
      ),
    );
    await rest(page);
  }
  return spread(times);
}

/** Scrolls the list until a conversation's row is in view, as somebody does who looks for it. */
async function toRow(page, id) {
  await page.evaluate(
    (id) =>
      new Promise((resolve, reject) => {
        const list = document.querySelector("nav[aria-label='Your conversations']");
        list.scrollTop = 0;
        const look = (step) => {
          const row = list.querySelector(`a[data-row$="${id}"]`);
          row?.scrollIntoView({ block: "center" });
          // The frame after it has what is drawn around it.
          if (row) return requestAnimationFrame(() => requestAnimationFrame(resolve));
          if (step > 1_000) return reject(new Error(`${id} is not in the list`));
          list.scrollTop += list.clientHeight;
          requestAnimationFrame(() => look(step + 1));
        };
        look(0);
      }),
    id,
  );
  await rest(page);
}

/** From a key in the box to the frame that has its letter. */
export async function typing(page, times) {
  const box = page.getByRole("textbox", { name: /^Message / });
  await box.focus();
  await page.evaluate(() => {
    window.rony.keys = [];
    window.addEventListener(
      "keydown",
      () => {
        const begin = performance.now();
        requestAnimationFrame(() => window.rony.keys.push(performance.now() - begin));
      },
      true,
    );
  });
  for (let index = 0; index < times; index += 1) await page.keyboard.press("a");
  await rest(page);
  await box.fill("");
  return spread(await page.evaluate(() => window.rony.keys));
}

/** From Enter until one's own message is drawn: in frames, and in milliseconds. */
export async function own(page, times) {
  const [frames, ms] = [[], []];
  const box = page.getByRole("textbox", { name: /^Message / });
  for (let index = 0; index < times; index += 1) {
    const text = `mine ${index} ${randomUUID()}`;
    await box.fill(text);
    await page.evaluate((wanted) => {
      window.rony.own = new Promise((resolve) => {
        const enter = (event) => {
          if (event.key !== "Enter") return;
          window.removeEventListener("keydown", enter, true);
          const begin = performance.now();
          let [frames, found] = [0, false];
          const count = () => {
            frames += 1;
            if (!found) requestAnimationFrame(count);
          };
          const done = () => {
            found = true;
            resolve([frames, performance.now() - begin]);
          };
          requestAnimationFrame(count);
          requestAnimationFrame(() => window.rony.seen(wanted, done));
        };
        window.addEventListener("keydown", enter, true);
      });
    }, text);
    await box.press("Enter");
    const [counted, took] = await page.evaluate(() => window.rony.own);
    frames.push(counted);
    ms.push(took);
  }
  return { frames: spread(frames), ms: spread(ms) };
}

/** From the answer to another client's post until it is drawn here; below zero where it is drawn before the answer is read. */
export async function others(page, writer, conversation, times) {
  const delays = [];
  for (let index = 0; index < times; index += 1) {
    const text = `another's ${index} ${randomUUID()}`;
    const seen = page.evaluate(
      (wanted) => new Promise((resolve) => window.rony.seen(wanted, () => resolve(Date.now()))),
      text,
    );
    await writer.say(conversation, text);
    const acknowledged = Date.now();
    delays.push((await seen) - acknowledged);
  }
  return spread(delays);
}

/** Waits until the page has nothing to do. */
export async function rest(page) {
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2000 })));
}

/** The middle, and how much is how rare. */
export function spread(times) {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share) => round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return { median: at(0.5), p95: at(0.95), most: at(1), times: sorted.length };
}

export function round(value) {
  return Math.round(value * 10) / 10;
}
