// Has two people talk in a call for half an hour, and says whether it is at its end what it was at its beginning: `npm run soak -- RONY_BINARY
// [--minutes N]`. Progress goes to the terminal; then comes a table, and a last line of JSON. Ends with 1 where something drifted, or
// the call broke off. `cargo xtask soak` builds what it needs, and calls it.
import { meeting } from "./measure/call.mjs";
import { judge, round, table, WARM_UP } from "./measure/drift.mjs";
import { summary, talk } from "./measure/talk.mjs";

const { rony, minutes } = wish(process.argv.slice(2));
const progress = (what) => process.stderr.write(`${what}\n`);
await meeting(rony, async ({ server, browser }) => {
  const seconds = minutes * 60;
  // A short call has few readings, and little time to warm up.
  const [every, warmUp] = [minutes < 10 ? 5 : 10, Math.min(WARM_UP, seconds / 4)];
  const { names, readings, broke } = await talk({
    ...{ server, browser, seconds, every },
    began: () => progress("the two see each other"),
    read: (reading, people) => {
      if (reading.at % 60 === 0) progress(`${reading.at / 60} min: ${summary(reading, people.map(({ name }) => name))}`);
    },
  });
  const { rows, wrong } = broke === null ? judge(readings, { people: names, warmUp }) : { rows: [], wrong: [broke] };
  if (rows.length > 0) console.log(`\n${table(rows)}\n`);
  for (const one of wrong) console.log(one);
  if (wrong.length === 0) console.log(`${minutes} min without drift`);
  const figures = rows.map(({ who, figure, first, last }) => [`${who}.${figure}`, [first, last].map((one) => one && round(one))]);
  const good = wrong.length === 0;
  console.log(JSON.stringify({ good, minutes, readings: readings.length, wrong, figures: Object.fromEntries(figures) }));
  process.exitCode = good ? 0 : 1;
});

function wish(words) {
  const at = words.indexOf("--minutes");
  const minutes = at === -1 ? 30 : Number(words.splice(at, 2)[1]);
  if (!(minutes >= 1)) throw new Error("--minutes takes a number, 1 or more");
  const rony = words[0] ?? process.env.TEST_RONY;
  if (!rony) throw new Error("which rony? npm run soak -- PATH");
  return { rony, minutes };
}
