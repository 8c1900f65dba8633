// What a long conversation does to the page: scrolling through it, jumping in it, and receiving much.
import { randomUUID } from "node:crypto";
import { rest, round, spread } from "./page.mjs";
import { each } from "./server.mjs";

/** Turns the wheel up for so long. How many messages went by, and how evenly it was drawn. */
export async function scrolling(page, seconds) {
  const log = page.getByRole("log");
  await log.hover();
  await rest(page);
  await page.evaluate(() => {
    const frames = [];
    let last = performance.now();
    const next = (now) => {
      frames.push(now - last);
      last = now;
      if (!window.rony.ended) requestAnimationFrame(next);
    };
    window.rony.long.length = 0;
    window.rony.ended = false;
    window.rony.frames = frames;
    requestAnimationFrame(next);
  });
  const seen = new Set();
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    await page.mouse.wheel(0, -600);
    for (const key of await keys(log)) seen.add(key);
  }
  const { frames, long } = await page.evaluate(() => {
    window.rony.ended = true;
    return { frames: window.rony.frames, long: [...window.rony.long] };
  });
  return {
    seconds,
    messages_passed: seen.size,
    frame_ms: spread(frames.slice(1)),
    long_tasks: long.length,
    longest_task_ms: round(Math.max(0, ...long)),
    kept_in_page: await page.evaluate(() => document.querySelectorAll("[role=log] [data-index]").length),
  };
}

/** What is in view, by something of each. */
function keys(log) {
  return log.evaluate((element) =>
    [...element.querySelectorAll("[data-index]")].map((row) => row.textContent.match(/(?:Message|👍|Received) \d+/)?.[0] ?? ""),
  );
}

/** From the address of a message far away until it is drawn. */
export async function jumping(page, conversation, places) {
  const times = [];
  for (const seq of places) {
    const before = await page.getByRole("log").evaluate((log) => log.textContent);
    times.push(
      await page.evaluate(
        ([id, seq, before]) =>
          new Promise((resolve) => {
            const begin = performance.now();
            window.location.hash = `/c/${id}/m/${seq}`;
            const look = () => {
              const log = document.querySelector("[role=log]");
              if (log && log.textContent !== before && log.querySelector(".bg-mention")) resolve(performance.now() - begin);
              else requestAnimationFrame(look);
            };
            look();
          }),
        [conversation, seq, before],
      ),
    );
    await rest(page);
  }
  return spread(times);
}

/** The memory of the page before and after it received so many messages, each time without what is not needed any more. */
export async function receiving(page, writer, conversation, count) {
  const session = await page.context().newCDPSession(page);
  const receive = async (many) => {
    await each(many, (number) => writer.say(conversation, `Received ${number}, and some words that take room`), 8);
    const last = `last ${randomUUID()}`;
    await writer.say(conversation, last);
    await page.evaluate((text) => new Promise((resolve) => window.rony.seen(text, resolve)), last);
    await rest(page);
  };
  // What is made once and then stays is not counted.
  await receive(1_000);
  const before = await memory(session);
  await page.evaluate(() => window.rony.long.splice(0));
  const begin = Date.now();
  await receive(count);
  const seconds = round((Date.now() - begin) / 1000);
  const long = await page.evaluate(() => [...window.rony.long]);
  const after = await memory(session);
  await session.detach();
  return { messages: count, seconds, before, after, long_tasks: long.length, longest_task_ms: round(Math.max(0, ...long)) };
}

async function memory(session) {
  for (let times = 0; times < 3; times += 1) await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  return { heap_mb: round(usedSize / 1_000_000), nodes };
}
