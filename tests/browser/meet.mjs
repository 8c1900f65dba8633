// Measures how long people who join a meeting wait until they see each other: `npm run measure:meet -- RONY_BINARY` (a release build says
// what people get; `--quick` joins a few times only). Prints a table and a last line of JSON; progress goes to the terminal.
import { arrive, meeting } from "./measure/call.mjs";
import { joining, within } from "./measure/joining.mjs";

const quick = process.argv.includes("--quick");
const rony = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? process.env.TEST_RONY;
if (!rony) throw new Error("which rony? npm run measure:meet -- PATH");

const WAYS = [
  { way: "direct", times: quick ? 5 : 50, names: ["Ann", "Bob"] },
  { way: "relay", times: quick ? 3 : 20, names: ["Cleo", "Dan"] },
];
const RANKS = [50, 95, 99];
const PARTS = {
  all: "click -> first picture of the other",
  joined: "  click -> both know of each other",
  connected: "  -> the devices are connected",
  picture: "  -> first picture",
};
const WHO = { joins: "who joins", there: "who was there" };

const progress = (what) => process.stderr.write(`${what}\n`);
await meeting(rony, async ({ server, browser }) => {
  const answer = {};
  for (const { way, times, names } of WAYS) {
    progress(`${times} joins, ${way}`);
    const { people, link } = await arrive(server, browser, { names, relayed: way === "relay" });
    const taken = await joining({ people, link, times, way, progress });
    for (const { context } of people) await context.close();
    answer[way] = { joins: times, ...figures(taken) };
    console.log(`\n${times} joins, ${way}: ms`.padEnd(55), RANKS.map((rank) => `p${rank}`.padStart(7)).join(""));
    for (const [who, said] of Object.entries(WHO))
      for (const [part, words] of Object.entries(PARTS)) console.log(line(`${said}: ${words}`, answer[way][who][part]));
  }
  console.log(`\n${JSON.stringify(answer)}`);
});

function figures(taken) {
  const ranks = (who, part) => RANKS.map((rank) => [`p${rank}`, within(taken[who].map((one) => one[part]), rank)]);
  const parts = (who) => Object.keys(PARTS).map((part) => [part, Object.fromEntries(ranks(who, part))]);
  return Object.fromEntries(Object.keys(WHO).map((who) => [who, Object.fromEntries(parts(who))]));
}

function line(words, ranks) {
  return words.padEnd(54) + Object.values(ranks).map((value) => String(value).padStart(8)).join("");
}
