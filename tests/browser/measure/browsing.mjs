// A server and a browser for as long as something is measured in its pages.
import { chromium } from "playwright-core";
import { Server } from "./server.mjs";

/** Starts the server, and a browser with these flags, for as long as `act` takes. */
export async function browsing(rony, flags, act) {
  const server = new Server(rony);
  let browser;
  try {
    await server.start();
    browser = await chromium.launch({
      executablePath: process.env.TEST_CHROMIUM ?? "/usr/bin/chromium",
      args: flags,
    });
    return await act({ server, browser });
  } finally {
    await browser?.close();
    server.end();
  }
}
