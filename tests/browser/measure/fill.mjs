// A long history and many conversations, written by the API as people write: short and long, with code, lists and links.
import { randomUUID } from "node:crypto";
import { each } from "./server.mjs";

const KINDS = [
  (number) => `Message ${number}: that works for me.`,
  (number) => `Message ${number}: **tomorrow** at ten, in the small room. Bring the plan, and whoever wants to see it too.`,
  (number) => `Message ${number}: see https://example.org/plans/${number}, or \`plan-${number}.txt\``,
  (number) => `Message ${number}\n\n- tables and chairs\n- cake, at half past four\n- music, not too loud`,
  (number) => `Message ${number}: ${"it goes on for a while, so that it takes several lines on any screen. ".repeat(6)}`,
  (number) => `Message ${number}\n\n\`\`\`rust\nfn answer() -> u32 {\n    ${number}\n}\n\`\`\``,
  (number) => `👍 ${number}`,
];

/** What the message with this number says. */
export function text(number) {
  return (KINDS[number % KINDS.length] ?? KINDS[0])(number);
}

/** What the last message of a conversation says. */
export function newest(conversation) {
  return `The newest in ${conversation}`;
}

/** So many groups have a page of messages: of the first ones, which stand at the end of the list, and of the last ones. */
export const PAGES = 10;

/**
 * Makes `conversations` groups of the reader and the writer, the last of them with `messages` messages, the ten before it and the
 * first ten with a page, the others with one. Gives back their ids, the long one last.
 */
export async function fill({ reader, writer, conversations, messages, progress }) {
  const groups = [];
  await each(conversations, async (number) => {
    const made = await reader.post("/conversations", {
      client_id: randomUUID(),
      kind: "group",
      title: `Group ${number}`,
      member_ids: [writer.id],
    });
    groups[number] = made.id;
  });
  for (const id of groups.slice(0, PAGES)) await page(writer, id);
  await each(conversations - 2 * PAGES - 1, (number) => writer.say(groups[PAGES + number], text(number)));
  progress(`${conversations} conversations`);
  for (const id of groups.slice(-PAGES - 1, -1)) await page(writer, id);
  const long = groups.at(-1);
  await each(messages, (number) => (number % 3 === 0 ? reader : writer).say(long, text(number)));
  progress(`${messages} messages`);
  // Those that were on their way together came in any order; this is the last.
  await writer.say(long, newest(long));
  return groups;
}

async function page(writer, id) {
  for (let number = 0; number < 60; number += 1) await writer.say(id, text(number));
  await writer.say(id, newest(id));
}
