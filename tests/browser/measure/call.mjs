// Two people who meet in the real page, with the camera and the microphone that Chromium makes up, and what their pages tell of it.
import { browsing } from "./browsing.mjs";
import { signIn } from "./page.mjs";

/** A camera that shows a clock, a microphone that beeps, and people who allow both. Nothing leaves this machine. */
const FLAGS = [
  "--no-sandbox",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--autoplay-policy=no-user-gesture-required",
];
/** How long something may take until it is seen, in milliseconds: the machine may be busy. */
const PATIENCE = 30_000;

/** Starts the server, and a browser in which people meet, for as long as `act` takes. */
export function meeting(rony, act) {
  return browsing(rony, FLAGS, act);
}

/** Two people with an account, signed in, in a browser each; and the room of the first of them. `relayed`: they have no direct way. */
export async function arrive(server, browser, { names = ["Ann", "Bob"], relayed = false } = {}) {
  const people = [];
  let link = "";
  for (const name of names) {
    const { username, post } = await server.person(name.toLowerCase(), name);
    link ||= (await post("/rooms", { title: "Planning" })).url;
    const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(PATIENCE);
    await context.addInitScript(watches, { relayed });
    const page = await context.newPage();
    await signIn(page, username);
    people.push({ name, page, context });
  }
  return { people, link };
}

/** Opens the link, and gets ready as a person does: with one's own picture in view, and a page that has nothing left to do. */
export async function getReady({ page }, link) {
  // Only what stands behind the `#` may differ, which loads nothing by itself.
  await page.goto("about:blank");
  await page.goto(link);
  await button(page, "Join").waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll("video")].some((video) => video.currentTime > 0));
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2_000 })));
}

export async function join({ page }) {
  await button(page, "Join").click();
}

export async function leave({ page }) {
  await button(page, "Leave").click();
  await page.getByText("You left the meeting").waitFor();
}

/** In the meeting, and sees so many people with themselves. */
export async function isAmong({ page }, people) {
  await button(page, "Leave").waitFor();
  await page.waitForFunction(
    (people) => document.querySelectorAll("[aria-label='People in this meeting'] > li").length === people,
    people,
  );
}

/** The first picture of the other was drawn. */
export async function sees({ page }) {
  await page.waitForFunction(() => window.rony.marks.picture !== undefined);
}

function button(page, name) {
  return page.getByRole("button", { name, exact: true });
}

/** In each page, before its own scripts: remembers what is asked for later, and when something came. */
function watches({ relayed }) {
  const connections = [];
  const received = new WeakSet();
  const marks = {};
  const signaling = [];
  let asked = 0;
  // Two pages are compared, so it is the clock of the machine that both have.
  const mark = (what) => {
    marks[what] ??= Date.now();
  };
  window.rony = { connections, marks, signaling };

  const limited = (configuration) => (relayed ? { ...configuration, iceTransportPolicy: "relay" } : configuration);
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration) {
      super(limited(configuration));
      connections.push(this);
      this.addEventListener("track", ({ track }) => received.add(track));
      this.addEventListener("connectionstatechange", () => this.connectionState === "connected" && mark("connected"));
    }
    setConfiguration(configuration) {
      super.setConfiguration(limited(configuration));
    }
  };

  window.WebSocket = class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols);
      this.addEventListener("message", ({ data }) => {
        const { type } = JSON.parse(data).message ?? {};
        if (type === "pong") signaling.push(performance.now() - asked);
        else if (type === "joined" || type === "peer_update") mark("joined");
      });
    }
    send(data) {
      // The page asks its room every ten seconds whether it is there.
      if (JSON.parse(data).message?.type === "ping") asked = performance.now();
      super.send(data);
    }
  };

  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
    ...source,
    set(stream) {
      source.set.call(this, stream);
      if (stream?.getVideoTracks().some((track) => received.has(track)))
        this.requestVideoFrameCallback(() => mark("picture"));
    },
  });

  const clicked = ({ target }) => target.closest?.("button")?.textContent === "Join" && mark("clicked");
  window.addEventListener("click", clicked, true);
}
