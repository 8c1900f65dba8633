/** What a story begins with: a server, a browser, and people who come. What is left of them goes at its end. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { CHROMIUM, type Look, openBrowser, PASSWORD, Person } from "./person";
import { hiddenScreen, type Screen } from "./screen";
import { Server } from "./server";

export interface World {
  readonly server: Server;
  readonly browser: Browser;
  /** Somebody comes who is not in yet. */
  arrives(look?: Look): Promise<Person>;
  /** Somebody who has an account signs in. */
  comes(username: string, look?: Look, place?: string): Promise<Person>;
}

/** The people who are there already, by username. Ann runs the server. */
export const PEOPLE = { ann: "Ann Lee", bob: "Bob Stone", cleo: "Cleo Park" } as const;

interface Wish {
  /** Whether Ann, Bob and Cleo have accounts. */
  people?: boolean;
  /** What the server is told beside the usual. */
  settings?: readonly string[];
  /** What the browser is told beside the usual. */
  flags?: readonly string[];
  /** Whether the browser has a screen to show itself on: it then asks its person, and waits. */
  screen?: boolean;
}

/** A server and a browser for all stories of a file, or of a part of it. */
export function world({ people = true, settings = [], flags = [], screen = false }: Wish = {}): World {
  let server: Server | undefined;
  let browser: Browser | undefined;
  let shown: Screen | undefined;
  let here: Person[] = [];

  beforeAll(async () => {
    if (screen) shown = await hiddenScreen();
    [server, browser] = await Promise.all([Server.start(...settings), openBrowser(flags, CHROMIUM, shown)]);
    if (!people) return;
    for (const [username, name] of Object.entries(PEOPLE)) {
      await server.addUser(username, name, PASSWORD, ...(username === "ann" ? ["--admin"] : []));
    }
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await Promise.all(here.map((person) => person.leavesPicture()));
    const complaints = here.flatMap((person) => person.complaints);
    await Promise.all(here.map((person) => person.context.close()));
    here = [];
    expect(complaints, "what the page said against itself").toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await shown?.close();
    await server?.remove();
  });

  const there = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error("people come when the server is there: within a story");
    return thing;
  };
  const arrives = async (look?: Look) => {
    const person = await Person.arrives(there(browser), there(server), look);
    here.push(person);
    return person;
  };
  return {
    get server() {
      return there(server);
    },
    get browser() {
      return there(browser);
    },
    arrives,
    async comes(username, look, place) {
      const person = await arrives(look);
      await person.signIn(username, PASSWORD, place);
      return person;
    },
  };
}
