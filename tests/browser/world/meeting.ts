/** Meetings: how people come to one, and what their browsers tell of the sound and pictures that reach them. */
import { expect } from "vitest";
import { Api } from "./api";
import { PASSWORD, type Person } from "./person";
import type { Server } from "./server";

/** A camera that shows a clock, a microphone that beeps, and a person who allows both. Nothing leaves this machine. */
export const DEVICES = ["--use-fake-device-for-media-stream", "--allow-loopback-in-peer-connection"];
export const ALLOWED = "--use-fake-ui-for-media-stream";
/** A page that nobody has touched may make sounds. */
export const AUTOPLAY = "--autoplay-policy=no-user-gesture-required";
/** Whoever shows their screen shows all of it. */
export const SCREEN = "--auto-select-desktop-capture-source=Entire";
export const MEETING = [...DEVICES, ALLOWED, AUTOPLAY, SCREEN];

export interface Room {
  id: string;
  code: string;
  /** Its address within the server. */
  link: string;
}

/** Makes a room of this person's. */
export async function makeRoom(server: Server, host: string, wish: object = {}): Promise<Room> {
  const api = await Api.signIn(server, host, PASSWORD);
  const { id, code, url } = await api.post("/rooms", { title: "Planning", ...wish });
  const { pathname, hash } = new URL(url);
  return { id, code, link: `${pathname}${hash}` };
}

/** Lets stories ask for all connections and devices that the pages of this person use from now on. */
export async function isWatched(person: Person): Promise<void> {
  await person.context.addInitScript(() => {
    const seen = { connections: [] as RTCPeerConnection[], tracks: [] as MediaStreamTrack[], sockets: [] as WebSocket[] };
    Object.assign(window, { seen });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        seen.connections.push(this);
      }
    };
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        seen.sockets.push(this);
      }
    };
    const { mediaDevices } = navigator;
    for (const name of ["getUserMedia", "getDisplayMedia"] as const) {
      const ask = mediaDevices?.[name].bind(mediaDevices);
      if (ask === undefined) continue;
      mediaDevices[name] = async (wanted) => {
        const stream = await ask(wanted);
        seen.tracks.push(...stream.getTracks());
        return stream;
      };
    }
  });
}

/** Lets this person's pages reach nobody but through a relay, as in a network that lets nothing else out. */
export async function hasNoDirectWay(person: Person): Promise<void> {
  await person.context.addInitScript(() => {
    const relay = (configuration?: RTCConfiguration): RTCConfiguration => ({ ...configuration, iceTransportPolicy: "relay" });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(relay(configuration));
      }
      override setConfiguration(configuration?: RTCConfiguration) {
        super.setConfiguration(relay(configuration));
      }
    };
  });
}

export interface Seen {
  connections: RTCPeerConnection[];
  tracks: MediaStreamTrack[];
  sockets: WebSocket[];
}

/** What one connection has brought so far, and by which way. */
export interface Brought {
  state: RTCPeerConnectionState;
  /** Frames that were decoded, of each picture. */
  frames: number[];
  /** How much was heard, of each sound. */
  energy: number[];
  /** The pair of addresses in use: a number for it, and what kind each is of. */
  pair: { id: string; local: string; remote: string; protocol: string; addresses: string[] } | null;
}

/** What all open connections of this person have brought. */
export function brought(person: Person): Promise<Brought[]> {
  return person.page.evaluate(async () => {
    const { connections } = (window as unknown as { seen: Seen }).seen;
    const open = connections.filter(({ connectionState }) => connectionState !== "closed");
    return Promise.all(
      open.map(async (connection) => {
        const all = [...(await connection.getStats()).values()];
        const incoming = (kind: string) => all.filter((one) => one.type === "inbound-rtp" && one.kind === kind);
        const transport = all.find((one) => one.type === "transport" && one.selectedCandidatePairId);
        const pair = all.find((one) => one.id === transport?.selectedCandidatePairId);
        const candidate = (id?: string) => all.find((one) => one.id === id);
        const [local, remote] = [candidate(pair?.localCandidateId), candidate(pair?.remoteCandidateId)];
        return {
          state: connection.connectionState,
          frames: incoming("video").map((one) => one.framesDecoded ?? 0),
          energy: incoming("audio").map((one) => one.totalAudioEnergy ?? 0),
          pair: pair
            ? {
                id: pair.id,
                local: local?.candidateType ?? "",
                remote: remote?.candidateType ?? "",
                protocol: local?.protocol ?? "",
                addresses: [local?.address ?? "", remote?.address ?? ""],
              }
            : null,
        };
      }),
    );
  });
}

export interface Expected {
  /** How many others there are. */
  others: number;
  /** How many pictures, and how many sounds, come from all of them together: from each one of both, if it is not said. */
  pictures?: number;
  sounds?: number;
}

/** After so long without all of it, what is counted begins anew. */
const AGAIN = 3_000;

/** Waits until what comes from all others goes on: from now on frames are decoded and sounds heard. */
export async function meets(person: Person, { others, pictures = others, sounds = others }: Expected): Promise<void> {
  const rising = async (before: Brought[]) => {
    const now = await brought(person);
    const more = (what: "frames" | "energy") =>
      now.flatMap((connection, index) => connection[what].filter((one, place) => one > (before[index]?.[what][place] ?? 0))).length;
    const connected = now.filter(({ state }) => state === "connected").length;
    return { connected, pictures: more("frames"), sounds: more("energy") };
  };
  let before = await brought(person);
  let since = Date.now();
  const there = async () => {
    // What was there already when somebody came anew does not count, nor what was still on its way from something that ended: only what
    // is new in the last seconds does.
    const now = await brought(person);
    if (now.length !== before.length || Date.now() - since > AGAIN) [before, since] = [now, Date.now()];
    return rising(before);
  };
  await expect.poll(there, { timeout: 20_000, interval: 300 }).toEqual({ connected: others, pictures, sounds });
}

/** How many devices this person's page holds open. */
export function openDevices(person: Person): Promise<number> {
  return person.page.evaluate(
    () => (window as unknown as { seen: Seen }).seen.tracks.filter(({ readyState }) => readyState === "live").length,
  );
}

/** Opens the link of a meeting, says who it is where that is asked, and asks to come in. */
export async function asksIn(person: Person, room: Room, name?: string): Promise<void> {
  await person.open(room.link);
  await person.button("Join").waitFor();
  if (name !== undefined) await person.field("Your name").fill(name);
  await person.click(person.button("Join"));
}

/** Inside the meeting. */
export async function isIn(person: Person): Promise<void> {
  await person.button("Leave").waitFor();
  await person.page.getByRole("list", { name: "People in this meeting" }).waitFor();
}

/** The tile of somebody, or of a screen. */
export function tile(person: Person, name: string | RegExp) {
  return person.page.getByRole("list", { name: "People in this meeting" }).getByRole("listitem").filter({ hasText: name });
}
