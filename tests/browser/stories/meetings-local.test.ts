/** Two people on a local network, by HTTPS and by addresses that are not this machine's own, with a browser that hides no question of autoplay. */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ALLOWED, asksIn, brought, isIn, isWatched, meets } from "../world/meeting";
import { does, LocalNetwork, type Machine } from "../world/networks";
import { PASSWORD, Person } from "../world/person";
import { Server } from "../world/server";

const MOST_CLICKS = 4;
let network: LocalNetwork | undefined;
let server: Server | undefined;
let browsers: Browser[] = [];
let here: Person[] = [];

beforeAll(async () => {
  network = await LocalNetwork.of(3);
  const [machine, ...others] = network.machines;
  if (machine === undefined) throw new Error("there are three");
  server = await Server.startForNetwork(machine.address, machine.within);
  await server.addUser("ann", "Ann Lee", PASSWORD);
  const flags = ["--use-fake-device-for-media-stream", ALLOWED];
  for (const other of others) {
    const key = await keyOf(server, other);
    browsers.push(await network.browser(other, [...flags, `--ignore-certificate-errors-spki-list=${key}`]));
  }
});

/**
 * The key of the server's certificate, as a browser wants to hear of it that shall take this one and no other. It is asked for from that
 * machine, by a client that trusts the server's authority alone: who follows the page that explains it does the same.
 */
async function keyOf(server: Server, machine: Machine): Promise<string> {
  const authority = join(server.folder, "lan/authority.pem");
  const ask = `
    const { hostname: host, port } = new URL(${JSON.stringify(server.url)});
    const ca = require("node:fs").readFileSync(${JSON.stringify(authority)});
    const socket = require("node:tls").connect({ host, port, ca }, () => {
      const key = socket.getPeerX509Certificate().publicKey.export({ type: "spki", format: "der" });
      console.log(require("node:crypto").createHash("sha256").update(key).digest("base64"));
      socket.end();
    });`;
  return (await does(machine, [process.execPath, "-e", ask])).trim();
}

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await Promise.all(here.map((person) => person.leavesPicture()));
  await Promise.all(here.map((person) => person.context.close()));
  here = [];
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  browsers = [];
  await server?.remove();
  await network?.remove();
});

test(`two people of a local network see and hear each other after at most ${MOST_CLICKS} clicks from the link`, async () => {
  const [hers, his] = browsers;
  if (server === undefined || hers === undefined || his === undefined) throw new Error("they are there");
  const [ann, bo] = [await Person.arrives(hers, server), await Person.arrives(his, server)];
  here = [ann, bo];
  await ann.signIn("ann");
  const { code } = await ann.page.evaluate(async () => {
    const headers = { "Content-Type": "application/json" };
    return (await fetch("/api/v1/rooms", { method: "POST", headers, body: JSON.stringify({ title: "Planning" }) })).json();
  });
  const room = { id: "", code, link: `/meet#${code}` };
  for (const person of here) await isWatched(person);

  await asksIn(ann, room);
  await isIn(ann);
  await asksIn(bo, room, "Bo Guest");
  await ann.click(ann.button("Let in"));
  await isIn(bo);
  await Promise.all(here.map((person) => meets(person, { others: 1 })));
  expect(ann.clicks + bo.clicks).toBeLessThanOrEqual(MOST_CLICKS);
  expect(await ann.page.evaluate(() => window.isSecureContext)).toBe(true);
  for (const person of here) {
    const addresses = (await brought(person))[0]?.pair?.addresses ?? [];
    expect(addresses.length).toBe(2);
    for (const address of addresses) expect(address).toMatch(/^(10\.77\.0\.|fe80:)/);
  }
});
