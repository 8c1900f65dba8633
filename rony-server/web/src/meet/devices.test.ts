/** Microphone and camera, with a browser that gives, refuses and lacks them. */
import { beforeEach, expect, test, vi } from "vitest";
import { type Browser, keepChoices, listDevices, openDevices, recallChoices, type Wanted } from "./devices";
import { help, helpBoth, type Kind, type Trouble, troubleOf } from "./trouble";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
const SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Mobile Safari/604.1";

type Asked = "both" | Kind;

function named(name: string, message = ""): Error {
  return Object.assign(new Error(message), { name });
}

/** A browser that answers as `answer` says, with an error to throw or nothing. */
function browser(
  answer: (asked: Asked, constraints: MediaStreamConstraints) => Error | undefined,
  rest: Partial<Browser> = {},
) {
  const asked: Asked[] = [];
  const track = (kind: Kind) => ({ kind }) as unknown as MediaStreamTrack;
  const media = {
    async getUserMedia(constraints: MediaStreamConstraints = {}) {
      const { audio, video } = constraints;
      const what = audio && video ? "both" : audio ? "microphone" : "camera";
      asked.push(what);
      const error = answer(what, constraints);
      if (error !== undefined) throw error;
      return {
        getAudioTracks: () => (audio ? [track("microphone")] : []),
        getVideoTracks: () => (video ? [track("camera")] : []),
      } as unknown as MediaStream;
    },
    enumerateDevices: async () => [] as MediaDeviceInfo[],
  };
  const here: Browser = { media, secure: true, allowed: () => true, permission: async () => undefined, ...rest };
  return { here, asked };
}

const BOTH: Record<Kind, Wanted> = { microphone: true, camera: true };

async function outcome(wanted: Record<Kind, Wanted>, here: Browser): Promise<[string, string]> {
  const got = await openDevices(wanted, here);
  const word = (kind: Kind) => {
    const one = got[kind];
    return one.type === "failed" ? one.trouble : one.type;
  };
  return [word("microphone"), word("camera")];
}

test("both are one question", async () => {
  const { here, asked } = browser(() => undefined);
  expect(await outcome(BOTH, here)).toEqual(["on", "on"]);
  expect(asked).toEqual(["both"]);
});

test("what is not wanted is not asked for", async () => {
  const { here, asked } = browser(() => undefined);
  expect(await outcome({ microphone: true, camera: false }, here)).toEqual(["on", "off"]);
  expect(await outcome({ microphone: false, camera: false }, here)).toEqual(["off", "off"]);
  expect(asked).toEqual(["microphone"]);
});

test("without a camera the microphone works all the same", async () => {
  const { here, asked } = browser((what) => (what === "microphone" ? undefined : named("NotFoundError")));
  expect(await outcome(BOTH, here)).toEqual(["on", "missing"]);
  expect(asked).toEqual(["both", "microphone", "camera"]);
});

test("a camera that was blocked earlier does not take the microphone along", async () => {
  const permission = async (kind: Kind) => (kind === "camera" ? ("denied" as const) : ("granted" as const));
  const { here } = browser((what) => (what === "microphone" ? undefined : named("NotAllowedError")), { permission });
  expect(await outcome(BOTH, here)).toEqual(["on", "blocked"]);
});

test("who just said no is not asked twice more", async () => {
  const { here, asked } = browser(() => named("NotAllowedError", "Permission dismissed"), {
    permission: async () => "prompt",
  });
  expect(await outcome(BOTH, here)).toEqual(["dismissed", "dismissed"]);
  expect(asked).toEqual(["both"]);
});

test("where the chosen device is away, another one is taken", async () => {
  const chosen = { id: "gone", label: "Gone" };
  const isChosen = ({ audio }: MediaStreamConstraints) => typeof audio === "object" && audio.deviceId !== undefined;
  const { here, asked } = browser((_, it) => (isChosen(it) ? named("OverconstrainedError") : undefined));
  expect(await outcome({ microphone: chosen, camera: false }, here)).toEqual(["on", "off"]);
  expect(asked).toHaveLength(2);
});

test("a device that fits nothing is asked for as it is", async () => {
  const { here } = browser((_, { video }) => (video === true ? undefined : named("OverconstrainedError")));
  expect(await outcome({ microphone: false, camera: true }, here)).toEqual(["off", "on"]);
});

test("a page without a secure address has no devices, and says why", async () => {
  const { here } = browser(() => undefined, { media: undefined, secure: false });
  expect(await outcome(BOTH, here)).toEqual(["insecure", "insecure"]);
  expect(await outcome(BOTH, { ...here, secure: true })).toEqual(["unsupported", "unsupported"]);
});

test("each error means one thing", () => {
  const mean = (name: string, message = "", facts = {}) =>
    troubleOf(named(name, message), { allowed: true, permission: undefined, ...facts });
  expect(mean("NotAllowedError", "Permission denied")).toBe("blocked");
  expect(mean("NotAllowedError", "Permission denied by system")).toBe("system");
  expect(mean("NotAllowedError", "Permission dismissed")).toBe("dismissed");
  expect(mean("NotAllowedError", "", { permission: "granted" })).toBe("system");
  expect(mean("NotAllowedError", "", { allowed: false })).toBe("policy");
  expect(mean("SecurityError")).toBe("policy");
  expect(mean("NotFoundError")).toBe("missing");
  expect(mean("NotReadableError")).toBe("busy");
  expect(mean("AbortError")).toBe("busy");
  expect(mean("OverconstrainedError")).toBe("unfit");
  expect(mean("TypeError")).toBe("unsupported");
  expect(troubleOf("odd", { allowed: true, permission: undefined })).toBe("unknown");
});

test("help names the device, the browser's own steps, and never nothing", () => {
  const troubles: Trouble[] = [
    ...(["blocked", "dismissed", "system", "policy", "missing"] as const),
    ...(["busy", "unfit", "insecure", "unsupported", "unknown"] as const),
  ];
  for (const agent of [CHROME, FIREFOX, SAFARI, IPHONE, ""])
    for (const trouble of troubles) {
      const { title, steps } = help(trouble, "camera", agent);
      expect(title).toMatch(/camera/);
      expect(title).not.toMatch(/Error/);
      expect(steps.length).toBeGreaterThan(0);
    }
  const first = (agent: string) => help("blocked", "microphone", agent).steps[0];
  expect(first(CHROME)).toMatch(/left of the address/);
  expect(first(FIREFOX)).toMatch(/crossed-out microphone/);
  expect(first(SAFARI)).toMatch(/Settings for This Website/);
  expect(first(IPHONE)).toMatch(/beside the address/);
  expect(help("system", "camera", CHROME).steps[0]).toMatch(/Privacy & security/);
  expect(help("system", "camera", SAFARI).steps[1]).toMatch(/Safari/);
});

test("what both devices lack is said at once, with no step twice", () => {
  const missing = helpBoth("missing", "missing", CHROME);
  expect(missing.title).toBe("There is no microphone and no camera.");
  const blocked = helpBoth("blocked", "blocked", CHROME);
  expect(blocked.title).toBe("Your browser does not let this page use your microphone and camera.");
  expect(blocked.steps).toEqual([
    "Click the button left of the address.",
    "Switch “Microphone” on.",
    "Switch “Camera” on.",
    "If nothing changes, press “Try again”.",
  ]);
  expect(helpBoth("missing", "busy", CHROME).title).toBe("There is no microphone. Your camera cannot be started.");
});

test("devices have names, and each is there once", async () => {
  const { here } = browser(() => undefined);
  const device = (kind: string, deviceId: string, label = "") => ({ kind, deviceId, label }) as MediaDeviceInfo;
  const all = [
    device("audioinput", "default", "Default"),
    device("audioinput", "communications", "Communications"),
    device("audioinput", ""),
    device("videoinput", "c"),
    device("audiooutput", "s", "Speaker"),
  ];
  const media = { getUserMedia: vi.fn(), enumerateDevices: async () => all };
  expect(await listDevices({ ...here, media })).toEqual({
    microphone: [{ id: "default", label: "Default" }],
    camera: [{ id: "c", label: "Camera 1" }],
    speaker: [],
  });
  expect(await listDevices({ ...here, media: undefined })).toEqual({ microphone: [], camera: [], speaker: [] });
});

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

test("choices are remembered, and what cannot be read is no choice", () => {
  const first = recallChoices();
  expect(first).toEqual({
    name: "",
    microphone: null,
    camera: null,
    speaker: null,
    microphoneOn: true,
    cameraOn: true,
  });
  const choices = { ...first, name: "Bo", camera: { id: "c", label: "Front" }, microphoneOn: false };
  keepChoices(choices);
  expect(recallChoices()).toEqual(choices);
  for (const broken of ["{", "7", '{"camera":{"id":7},"name":[]}']) {
    kept.set("rony-meet", broken);
    expect(recallChoices()).toEqual(first);
  }
  vi.stubGlobal("localStorage", undefined);
  expect(recallChoices()).toEqual(first);
  keepChoices(choices);
});
