/** Tries what a meeting needs: the live connection, the devices, and each way by which media may go. */
import { ApiError, api, call, GATEWAY_URL } from "@/api/client";
import { openDevices, thisBrowser } from "../devices";
import type { Device, Findings, Way } from "./verdict";

/** So long each of them may take. */
const PATIENCE = 10_000;
/** So many frames of a picture that arrive show that more would. */
const FRAMES = 5;
const LOOK_EVERY = 200;

type Found = (change: Partial<Findings>) => void;

/** Tries all, tells what is found as it is found, and ends when `over` says so. */
export async function probe(signedIn: boolean, found: Found, over: AbortSignal): Promise<void> {
  const tell: Found = (change) => {
    if (!over.aborted) found(change);
  };
  tell({ secure: window.isSecureContext });
  await Promise.all([
    gateway(signedIn).then((it) => tell({ gateway: it })),
    // Browsers tell a page of all ways only when it may use devices, as in a meeting.
    devices(tell).then(() => media(signedIn, tell)),
  ]);
}

function gateway(signedIn: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(signedIn ? GATEWAY_URL : `${GATEWAY_URL}?guest`);
    const end = (it: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(it);
    };
    const timer = setTimeout(end, PATIENCE, false);
    socket.onopen = () => end(true);
    socket.onerror = () => end(false);
  });
}

async function devices(tell: Found): Promise<void> {
  const got = await openDevices({ microphone: true, camera: true }, thisBrowser());
  const found = (kind: "microphone" | "camera"): Device => {
    const one = got[kind];
    if (one.type !== "on") return { type: "fails", trouble: one.type === "failed" ? one.trouble : "unknown" };
    one.track.stop();
    return { type: "works", name: one.track.label };
  };
  tell({ microphone: found("microphone"), camera: found("camera") });
}

async function media(signedIn: boolean, tell: Found): Promise<void> {
  tell({ media: await loop([], "all") });
  if (!signedIn) return tell({ stun: { type: "hidden" }, relay: { type: "hidden" } });
  const servers = await iceServers();
  if (servers instanceof Error) {
    const failed: Way = { type: "fails", detail: servers.message };
    return tell({ stun: failed, relay: failed });
  }
  const named = (scheme: string) => servers.filter(({ urls }) => [urls].flat().some((url) => url.startsWith(scheme)));
  const [stun, turn] = [named("stun"), named("turn")];
  tell({ stun: stun.length > 0 ? await ownAddress(stun) : { type: "none" } });
  tell({ relay: turn.length > 0 ? await loop(turn, "relay") : { type: "none" } });
}

async function iceServers(): Promise<RTCIceServer[] | Error> {
  try {
    const { servers } = await call(api.POST("/rooms/ice", {}));
    return servers.map(({ urls, username, credential }) => ({
      urls,
      ...(username && credential && { username, credential }),
    }));
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** Whether a server tells this device its address. One that is the device's own already comes to nothing new, and to no error. */
async function ownAddress(iceServers: RTCIceServer[]): Promise<Way> {
  const connection = new RTCPeerConnection({ iceServers });
  const errors = errorsOf(connection);
  const told = new Promise<Way>((resolve) => {
    const timer = setTimeout(resolve, PATIENCE, { type: "fails", detail: "no answer" });
    const end = (way: Way) => {
      clearTimeout(timer);
      resolve(way);
    };
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.type === "srflx") end({ type: "works", detail: "srflx" });
      else if (candidate === null)
        end(errors.length > 0 ? { type: "fails", detail: errors.join(", ") } : { type: "works", detail: "host" });
    };
  });
  connection.createDataChannel("");
  try {
    await connection.setLocalDescription();
    return await told;
  } catch (error) {
    return { type: "fails", detail: String(error) };
  } finally {
    connection.close();
  }
}

/** Sends a picture from this page to itself, by all ways or through the relay alone. */
async function loop(iceServers: RTCIceServer[], iceTransportPolicy: RTCIceTransportPolicy): Promise<Way> {
  let [from, to]: RTCPeerConnection[] = [];
  const picture = movingPicture();
  try {
    [from, to] = [0, 1].map(() => new RTCPeerConnection({ iceServers, iceTransportPolicy }));
    if (from === undefined || to === undefined) throw new Error("no connection");
    const errors = [errorsOf(from), errorsOf(to)];
    pass(from, to);
    pass(to, from);
    for (const track of picture.stream.getTracks()) from.addTrack(track, picture.stream);
    await from.setLocalDescription();
    await to.setRemoteDescription(from.localDescription as RTCSessionDescription);
    await to.setLocalDescription();
    await from.setRemoteDescription(to.localDescription as RTCSessionDescription);
    const begin = performance.now();
    while (performance.now() - begin < PATIENCE) {
      const { frames, way } = await arrived(to);
      if (frames >= FRAMES) return { type: "works", detail: way };
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
    return { type: "fails", detail: [to.connectionState, ...new Set(errors.flat())].join(", ") };
  } catch (error) {
    return { type: "fails", detail: String(error) };
  } finally {
    from?.close();
    to?.close();
    picture.end();
  }
}

function pass(from: RTCPeerConnection, to: RTCPeerConnection): void {
  from.onicecandidate = ({ candidate }) => {
    if (candidate !== null) void to.addIceCandidate(candidate).catch(() => {});
  };
}

/** What browsers say of servers that do not answer: a number and the server's address. */
function errorsOf(connection: RTCPeerConnection): string[] {
  const errors: string[] = [];
  connection.onicecandidateerror = ({ errorCode, url }) => errors.push(`${errorCode} ${url}`);
  return errors;
}

async function arrived(connection: RTCPeerConnection): Promise<{ frames: number; way: string }> {
  const all = [...(await connection.getStats()).values()];
  const incoming = all.find(({ type, kind }) => type === "inbound-rtp" && kind === "video");
  const pair = all.find(
    ({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded",
  );
  const [local, remote] = [pair?.localCandidateId, pair?.remoteCandidateId].map((id) => all.find((it) => it.id === id));
  const way = `${local?.candidateType ?? "?"}-${remote?.candidateType ?? "?"} ${local?.relayProtocol ?? local?.protocol ?? "?"}`;
  return { frames: incoming?.framesDecoded ?? 0, way };
}

/** A small picture that changes, so that browsers send it. */
function movingPicture(): { stream: MediaStream; end: () => void } {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [160, 120];
  const context = canvas.getContext("2d");
  let turn = 0;
  const timer = setInterval(() => {
    turn += 1;
    if (context === null) return;
    context.fillStyle = `hsl(${(turn * 20) % 360} 60% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }, 50);
  const stream = canvas.captureStream(20);
  const end = () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
  };
  return { stream, end };
}
