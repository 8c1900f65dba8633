/** One story in each of the other browsers: in, out to another, and still there when the page is opened anew. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firefox } from "../world/firefox";
import { PASSWORD } from "../world/person";
import { GENERAL, Server } from "../world/server";
import type { Driver, Screen } from "../world/smoke";
import { webkit } from "../world/webkit";

let server: Server;

beforeAll(async () => {
  server = await Server.start();
  await server.addUser("ann", "Ann Lee", PASSWORD, "--admin");
  await server.addUser("bob", "Bob Stone", PASSWORD);
});
afterAll(() => server?.remove());

describe.each([
  ["Firefox", firefox],
  ["WebKit", webkit],
] as const)("in %s", (name, start) => {
  let browser: Driver | undefined;
  afterAll(() => browser?.close());

  async function comes(username: string): Promise<Screen> {
    if (browser === undefined) throw new Error("the browser is there");
    const screen = await browser.open(`${server.url}/#/c/${GENERAL}`);
    await screen.fill("Username", username);
    await screen.fill("Password", PASSWORD);
    await screen.press("Sign in");
    return screen;
  }

  test("two people sign in and write to each other, and find it again", async () => {
    browser = await start();
    const [ann, bob] = [await comes("ann"), await comes("bob")];
    for (const [one, other, text] of [
      [ann, bob, `Hello from Ann in ${name}`],
      [bob, ann, `Hello from Bob in ${name}`],
    ] as const) {
      await one.fill("Message General", text);
      await one.enter();
      await other.sees(text);
      expect(await other.count(text)).toBe(1);
    }
    await ann.reload();
    await ann.sees(`Hello from Bob in ${name}`);
    expect(await ann.count(`Hello from Ann in ${name}`)).toBe(1);
  });
});
