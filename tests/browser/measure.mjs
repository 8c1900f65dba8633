// Measures in the page what people wait for: `npm run measure -- RONY_BINARY` (a release build says what people get). Prints
// one line of JSON.
import { spawn, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const rony = process.argv[2] ?? process.env.TEST_RONY;
if (!rony) throw new Error("which rony? npm run measure -- PATH");
const TIMES = 30;
const password = "correct horse battery";
const folder = mkdtempSync(join(tmpdir(), "rony-measure-"));
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("RONY_")));
const server = spawn(rony, ["serve", "--data", folder, "--port", "0", "--metrics", "off"], {
  env: environment,
  stdio: ["ignore", "pipe", "ignore"],
});
let browser;
try {
  console.log(JSON.stringify(await measure(await address())));
} finally {
  await browser?.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function address() {
  for await (const line of createInterface({ input: server.stdout })) {
    const found = line.match(/Address\s+(\S+)/)?.[1];
    if (found) return found;
  }
  throw new Error("rony did not start");
}

async function measure(url) {
  for (const name of ["ann", "bob"]) {
    const add = ["user", "add", name, "--data", folder, "--password-stdin"];
    execFileSync(rony, add, { input: `${password}\n`, env: environment });
  }
  const ann = await token(url, "ann");
  const groups = [];
  for (const title of ["one", "two"]) {
    const made = await call(url, ann, "/conversations", { client_id: randomUUID(), kind: "group", title });
    groups.push(made.id ?? made.conversation.id);
    for (let index = 0; index < 60; index += 1) {
      await call(url, ann, `/conversations/${groups.at(-1)}/messages`, { client_id: randomUUID(), text: `${title} ${index}` });
    }
  }
  browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  const page = await (await browser.newContext({ baseURL: url })).newPage();
  await signIn(page, "ann");
  const chunks = await firstLoad(page, groups[0]);
  return {
    gzipped_script_bytes: chunks.reduce((sum, chunk) => sum + chunk.bytes, 0),
    chunks,
    switch_ms: await switching(page, groups),
    own_message_visible_ms: await own(page),
    others_message_visible_after_ack_ms: await others(page, url, ann, groups[1]),
  };
}

async function signIn(page, name) {
  await page.goto("/");
  await page.getByLabel("Username", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "Places" }).waitFor();
}

/** The scripts that are there when a conversation is seen, by their size on the wire where nothing is known beforehand. */
async function firstLoad(page, group) {
  await page.goto("about:blank");
  await page.goto(`/#/c/${group}`);
  await page.getByRole("log").getByText("one 59").waitFor();
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name }) => name)
      .filter((name) => name.endsWith(".js")),
  );
  // The browser has them in its cache by now, and says nothing of how they came.
  const chunks = await Promise.all(scripts.map(async (url) => ({ name: url.split("/").at(-1), bytes: await gzipped(url) })));
  return chunks.sort((one, other) => other.bytes - one.bytes);
}

function gzipped(url) {
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

/** From the click until the other conversation's newest message is drawn. */
async function switching(page, groups) {
  const times = [];
  for (let index = 0; index < TIMES; index += 1) {
    const to = (index + 1) % 2;
    const text = `${["one", "two"][to]} 59`;
    times.push(
      await page.evaluate(
        ([id, wanted]) =>
          new Promise((resolve) => {
            const begin = performance.now();
            document.querySelector(`a[data-row][href$="${id}"]`).click();
            const look = () => {
              const log = document.querySelector("[role=log]");
              if (log?.textContent.includes(wanted)) requestAnimationFrame(() => resolve(performance.now() - begin));
              else requestAnimationFrame(look);
            };
            look();
          }),
        [groups[to], text],
      ),
    );
  }
  return spread(times.slice(2));
}

/** From Enter until one's own message is drawn. */
async function own(page) {
  const times = [];
  const box = page.getByRole("textbox", { name: /^Message / });
  for (let index = 0; index < TIMES; index += 1) {
    const text = `mine ${index} ${randomUUID()}`;
    await box.fill(text);
    await page.evaluate((wanted) => {
      window.seen = new Promise((resolve) => {
        const enter = (event) => {
          if (event.key !== "Enter") return;
          const begin = performance.now();
          window.removeEventListener("keydown", enter, true);
          const look = () => {
            if (document.querySelector("[role=log]")?.textContent.includes(wanted)) resolve(performance.now() - begin);
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        };
        window.addEventListener("keydown", enter, true);
      });
    }, text);
    await box.press("Enter");
    times.push(await page.evaluate(() => window.seen));
  }
  return spread(times);
}

/** From the answer to another client's post until it is drawn here; below zero where it is drawn before the answer is read. */
async function others(page, url, ann, group) {
  await page.goto(`/#/c/${group}`);
  await page.getByRole("log").waitFor();
  const times = [];
  for (let index = 0; index < TIMES; index += 1) {
    const text = `another's ${index} ${randomUUID()}`;
    const seen = page.evaluate(
      (wanted) =>
        new Promise((resolve) => {
          const look = () => {
            if (document.querySelector("[role=log]")?.textContent.includes(wanted)) resolve(Date.now());
            else requestAnimationFrame(look);
          };
          look();
        }),
      text,
    );
    await call(url, ann, `/conversations/${group}/messages`, { client_id: randomUUID(), text });
    const acknowledged = Date.now();
    times.push((await seen) - acknowledged);
  }
  return spread(times);
}

function spread(times) {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share) => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
  return { median: at(0.5), p95: at(0.95), most: at(1), times: sorted.length };
}

async function token(url, username) {
  return (await call(url, "", "/sessions", { username, password })).token;
}

async function call(url, bearer, path, body) {
  const headers = { "Content-Type": "application/json", ...(bearer && { Authorization: `Bearer ${bearer}` }) };
  for (;;) {
    const answer = await fetch(`${url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (answer.status !== 429) {
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    }
    const seconds = Number(answer.headers.get("Retry-After") ?? 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
