// Measures in the page what people wait for, in a conversation of 100,000 messages among 500: `npm run measure -- RONY_BINARY` (a
// release build says what people get; `--quick` makes it small). Prints JSON; progress goes to the terminal.
import { browsing } from "./measure/browsing.mjs";
import { fill, newest, PAGES } from "./measure/fill.mjs";
import { jumping, receiving, scrolling } from "./measure/long.mjs";
import { firstLoad, others, own, prepare, rest, signIn, switching, typing } from "./measure/page.mjs";

const quick = process.argv.includes("--quick");
const rony = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? process.env.TEST_RONY;
if (!rony) throw new Error("which rony? npm run measure -- PATH");
const MESSAGES = quick ? 5_000 : 100_000;
const CONVERSATIONS = quick ? 50 : 500;
const TIMES = 30;

const progress = (what) => process.stderr.write(`${what}\n`);
console.log(JSON.stringify(await browsing(rony, ["--no-sandbox"], measure), null, 2));

async function measure({ server, browser }) {
  const reader = await server.person("ann", "Ann Lee");
  const writer = await server.person("bob", "Bob Stone");
  const groups = await fill({ reader, writer, conversations: CONVERSATIONS, messages: MESSAGES, progress });
  const long = groups.at(-1);

  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 } });
  await prepare(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => fail(server, error));
  await signIn(page, reader.username);
  const { ms, scripts } = await firstLoad(page, long, newest(long));
  const chunks = await Promise.all(
    scripts.map(async (url) => ({ name: url.split("/").at(-1), bytes: await server.gzipped(url) })),
  );
  await rest(page);
  progress("loaded");

  const figures = {
    messages: MESSAGES,
    conversations: CONVERSATIONS,
    gzipped_script_bytes: chunks.reduce((sum, chunk) => sum + chunk.bytes, 0),
    chunks: chunks.sort((one, other) => other.bytes - one.bytes),
    opened_ms: ms,
    ...(await moving(page, groups)),
  };
  progress(`switched: ${JSON.stringify([figures.far_switch_ms, figures.pointed_switch_ms, figures.first_switch_ms, figures.switch_ms])}`);
  figures.key_ms = await typing(page, TIMES);
  figures.own = await own(page, TIMES);
  figures.others_after_ack_ms = await others(page, writer, long, TIMES);
  progress(`written: ${JSON.stringify([figures.key_ms, figures.own, figures.others_after_ack_ms])}`);
  figures.received = await receiving(page, writer, long, quick ? 5_000 : 10_000);
  progress(`received: ${JSON.stringify(figures.received)}`);
  figures.scrolled = await scrolling(page, quick ? 5 : 30);
  figures.jumped_ms = await jumping(page, long, places());
  return figures;
}

/** What is waited for in the page does not come any more. */
function fail(server, error) {
  progress(String(error));
  server.end();
  process.exit(1);
}

/** To conversations that were not opened yet, those at the end of the list and those at its top; and between such that were. */
async function moving(page, groups) {
  const named = groups.slice(-PAGES - 1).map((id) => [id, newest(id)]);
  const long = named.pop();
  const far = groups.slice(0, PAGES).map((id) => [id, newest(id)]);
  const [pressed, pointed] = [far.slice(0, PAGES / 2), far.slice(PAGES / 2)];
  const far_switch_ms = await switching(page, pressed);
  const pointed_switch_ms = await switching(page, pointed, { pointed: true });
  const first_switch_ms = await switching(page, named);
  const turns = Array.from({ length: TIMES }, (_, turn) => (turn % 2 ? named[0] : long));
  return { far_switch_ms, pointed_switch_ms, first_switch_ms, switch_ms: await switching(page, [...turns, long]) };
}

/** Numbers of messages all over the long conversation. */
function places() {
  return Array.from({ length: 10 }, (_, step) => 10 + Math.floor((((step * 7) % 10) / 10) * MESSAGES));
}
