/** Microphone and camera: asked for together, each for itself where that fails, and never needed. */
import { type Kind, type Trouble, troubleOf } from "./trouble";

/** A device that somebody chose. Its name stays known while the device is away. */
export interface Chosen {
  id: string;
  label: string;
}

/** What somebody wants of one kind: nothing, any device, or a certain one. */
export type Wanted = false | true | Chosen;

/** What is wanted, as words. */
export function wordsFor(wanted: Record<Kind, Wanted>): string {
  return KINDS.filter((kind) => wanted[kind] !== false).join(" and ");
}

/** What came of it. */
export type Got = { type: "off" } | { type: "on"; track: MediaStreamTrack } | { type: "failed"; trouble: Trouble };

/** What is used of a browser, so that tests can stand in for it. */
export interface Browser {
  /** Absent where the page is not secure. */
  media: Pick<MediaDevices, "getUserMedia" | "enumerateDevices"> | undefined;
  secure: boolean;
  /** Whether whoever shows this page within theirs lets it use the device. */
  allowed(kind: Kind): boolean;
  /** What the person has said before; undefined where the browser does not tell. */
  permission(kind: Kind): Promise<PermissionState | undefined>;
}

const KINDS = ["microphone", "camera"] as const;

export function thisBrowser(): Browser {
  const policy = (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy;
  return {
    media: navigator.mediaDevices,
    secure: window.isSecureContext,
    allowed: (kind) => policy?.allowsFeature(kind) ?? true,
    permission: (kind) => status(kind).then((it) => it?.state),
  };
}

/** Some browsers do not know these names, and throw. */
async function status(kind: Kind): Promise<PermissionStatus | undefined> {
  try {
    return await navigator.permissions.query({ name: kind as PermissionName });
  } catch {
    return undefined;
  }
}

/**
 * Opens what is wanted. One question for both is less to answer than two; but a device that is missing fails the question for
 * both, and then each is asked for alone.
 */
export async function openDevices(wanted: Record<Kind, Wanted>, browser: Browser): Promise<Record<Kind, Got>> {
  const kinds = KINDS.filter((kind) => wanted[kind] !== false);
  const got: Record<Kind, Got> = { microphone: { type: "off" }, camera: { type: "off" } };
  if (browser.media === undefined) {
    const trouble = browser.secure ? "unsupported" : "insecure";
    for (const kind of kinds) got[kind] = { type: "failed", trouble };
    return got;
  }
  if (kinds.length === 2) {
    try {
      const stream = await browser.media.getUserMedia({
        audio: constraints("microphone", wanted.microphone),
        video: constraints("camera", wanted.camera),
      });
      for (const kind of kinds) got[kind] = taken(stream, kind);
      return got;
    } catch (error) {
      if (await saidNo(error, browser)) {
        for (const kind of kinds) got[kind] = await failure(error, kind, browser);
        return got;
      }
    }
  }
  for (const kind of kinds) got[kind] = await openOne(kind, wanted[kind], browser);
  return got;
}

/** Whether the person just refused both: then the same question must not come twice more. */
async function saidNo(error: unknown, browser: Browser): Promise<boolean> {
  if (!(error instanceof Error) || error.name !== "NotAllowedError") return false;
  const [microphone, camera] = await Promise.all(KINDS.map((kind) => browser.permission(kind)));
  return microphone === "prompt" && camera === "prompt";
}

async function openOne(kind: Kind, wanted: Wanted, browser: Browser): Promise<Got> {
  // The chosen device may be away or in use: any other is better than none.
  const tries: Wanted[] = typeof wanted === "object" ? [wanted, true] : [wanted];
  let failed: unknown;
  for (const one of tries) {
    try {
      const rules = kind === "microphone" ? { audio: constraints(kind, one) } : { video: constraints(kind, one) };
      return taken(await (browser.media as MediaDevices).getUserMedia(rules), kind);
    } catch (error) {
      failed = error;
      // No other device helps where none may be used.
      if (error instanceof Error && (error.name === "NotAllowedError" || error.name === "SecurityError")) break;
    }
  }
  if (!(failed instanceof Error) || failed.name !== "OverconstrainedError") return failure(failed, kind, browser);
  // No device is what was asked for: then as it comes.
  try {
    const rules = kind === "microphone" ? { audio: true } : { video: true };
    return taken(await (browser.media as MediaDevices).getUserMedia(rules), kind);
  } catch (error) {
    return failure(error, kind, browser);
  }
}

async function failure(error: unknown, kind: Kind, browser: Browser): Promise<Got> {
  const facts = { allowed: browser.allowed(kind), permission: await browser.permission(kind) };
  return { type: "failed", trouble: troubleOf(error, facts) };
}

function taken(stream: MediaStream, kind: Kind): Got {
  const [track] = kind === "microphone" ? stream.getAudioTracks() : stream.getVideoTracks();
  return track === undefined ? { type: "failed", trouble: "missing" } : { type: "on", track };
}

function constraints(kind: Kind, wanted: Wanted): MediaTrackConstraints | boolean {
  if (wanted === false) return false;
  const device = wanted === true ? {} : { deviceId: { exact: wanted.id } };
  if (kind === "microphone")
    return { ...device, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return { ...device, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
}

export interface Devices {
  microphone: Chosen[];
  camera: Chosen[];
  /** Where the browser lets the page choose: none elsewhere. */
  speaker: Chosen[];
}

export const NO_DEVICES: Devices = { microphone: [], camera: [], speaker: [] };

/** Whether a page can say by which device it is heard. */
export function canChooseSpeaker(): boolean {
  return typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;
}

/** All there are. Before somebody has allowed any, browsers do not tell their names. */
export async function listDevices({ media }: Browser): Promise<Devices> {
  const all = await (media?.enumerateDevices() ?? Promise.resolve([])).catch(() => []);
  const named = (kind: MediaDeviceKind, word: string) =>
    all
      // Windows names one of them twice more, for calls.
      .filter((device) => device.kind === kind && device.deviceId !== "" && device.deviceId !== "communications")
      .map(({ deviceId, label }, index) => ({ id: deviceId, label: label || `${word} ${index + 1}` }));
  return {
    microphone: named("audioinput", "Microphone"),
    camera: named("videoinput", "Camera"),
    speaker: canChooseSpeaker() ? named("audiooutput", "Speaker") : [],
  };
}

/** Tells when trying again may help: a device came or went, or the person has changed what is allowed. */
export function watchDevices(changed: () => void): () => void {
  let stopped = false;
  const held: PermissionStatus[] = [];
  navigator.mediaDevices?.addEventListener("devicechange", changed);
  for (const kind of KINDS)
    void status(kind).then((it) => {
      if (it === undefined || stopped) return;
      it.addEventListener("change", changed);
      held.push(it);
    });
  return () => {
    stopped = true;
    navigator.mediaDevices?.removeEventListener("devicechange", changed);
    for (const it of held) it.removeEventListener("change", changed);
  };
}

/** How somebody came to the last meeting. */
export interface Choices {
  name: string;
  microphone: Chosen | null;
  camera: Chosen | null;
  /** By which others are heard; the system's own without one. */
  speaker: Chosen | null;
  microphoneOn: boolean;
  cameraOn: boolean;
}

const KEY = "rony-meet";
const FIRST: Choices = {
  ...{ name: "", microphone: null, camera: null, speaker: null, microphoneOn: true, cameraOn: true },
};

/** What was chosen last in this browser. What cannot be read counts as not chosen. */
export function recallChoices(): Choices {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof kept !== "object" || kept === null) return FIRST;
    const it = kept as Record<keyof Choices, unknown>;
    return {
      name: typeof it.name === "string" ? it.name : FIRST.name,
      microphone: isChosen(it.microphone) ? it.microphone : null,
      camera: isChosen(it.camera) ? it.camera : null,
      speaker: isChosen(it.speaker) ? it.speaker : null,
      microphoneOn: it.microphoneOn !== false,
      cameraOn: it.cameraOn !== false,
    };
  } catch {
    return FIRST;
  }
}

export function keepChoices(choices: Choices): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // A browser that keeps nothing asks anew each time.
  }
}

function isChosen(it: unknown): it is Chosen {
  const chosen = it as Partial<Chosen> | null;
  return typeof chosen === "object" && typeof chosen?.id === "string" && typeof chosen.label === "string";
}
