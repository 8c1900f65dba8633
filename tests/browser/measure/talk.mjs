// A long call of two people, read again and again.
import { arrive, getReady, join, sees } from "./call.mjs";
import { between, broken, round } from "./drift.mjs";
import { counted, heap, renderers, resident } from "./reading.mjs";

/** When a reading fails, what is behind it says so within this time, in milliseconds. */
const REASON = 2_000;

/**
 * Has two people talk for so many seconds, and reads every `every` seconds how they do. Gives their names, what was read, as `judge` takes
 * it, and the first sign that the call broke off; null where it did not. `began` is called when they see each other, `read` with each
 * reading.
 */
export async function talk({ server, browser, seconds, every, began = () => {}, read = () => {} }) {
  const { people, link } = await arrive(server, browser);
  const processes = await browser.newBrowserCDPSession();
  for (const person of people) {
    await getReady(person, link);
    await join(person);
    person.session = await person.context.newCDPSession(person.page);
  }
  await Promise.all(people.map(sees));
  for (const person of people) person.counted = await counted(person.page);
  const end = whatEnds(server, people);
  began();

  const readings = [];
  const begin = Date.now();
  let broke = null;
  // Each reading is due at a moment of its own, however long the one before took.
  for (let at = every; broke === null && at <= seconds; at += every) {
    await Promise.race([pause(begin + at * 1000 - Date.now()), end.came]);
    try {
      const { of, sign } = await readAll(server, processes, people);
      broke = end.why ?? sign;
      readings.push({ at, of });
      await read(readings.at(-1), people);
    } catch (error) {
      await Promise.race([pause(REASON), end.came]);
      broke = end.why ?? `The call could not be read any more: ${error}`;
    }
  }
  return { names: people.map(({ name }) => name), readings, broke };
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What ends a call at once: a page that is gone or has an error, or a server that has ended. */
function whatEnds(server, people) {
  const end = { why: null };
  end.came = new Promise((resolve) => {
    const because = (why) => {
      end.why ??= why;
      resolve();
    };
    server.onEnd(() => because("The server ended in the middle of the call."));
    for (const { name, page } of people) {
      page.once("close", () => because(`The page of ${name} was closed in the middle of the call.`));
      page.once("crash", () => because(`The page of ${name} crashed.`));
      page.on("pageerror", (error) => because(`The page of ${name} has an error: ${error}`));
    }
  });
  return end;
}

async function readAll(server, processes, people) {
  const renderers_mb = await renderers(processes, people.length);
  const of = { server: { server_mb: resident(server.pid) }, pages: { renderers_mb } };
  let sign = null;
  for (const person of people) {
    const heap_mb = await heap(person.session);
    const now = await counted(person.page);
    sign ??= broken(person.name, person.counted, now);
    of[person.name] = { heap_mb, ...between(person.counted, now) };
    person.counted = now;
  }
  return { of, sign };
}

/** A reading in a line. */
export function summary({ of }, names) {
  const both = (figure) => names.map((name) => (of[name][figure] === null ? "-" : round(of[name][figure]))).join(" and ");
  return [
    `server ${round(of.server.server_mb)} MB`,
    `pages ${round(of.pages.renderers_mb)} MB, heaps ${both("heap_mb")}`,
    `lost ${both("lost_percent")} %`,
    `pictures a second ${both("frames_per_second")}`,
    `wait before a picture ${both("video_delay_ms")} ms, a sound ${both("audio_delay_ms")}`,
    `room ${both("signaling_ms")} ms`,
  ].join("; ");
}
