/** Why a microphone or a camera does not work, and what a person can do about it, in their browser's own words. */
import { program } from "@/settings/user-agent";

export type Kind = "microphone" | "camera";

export type Trouble =
  /** The person, now or earlier, said that this page may not use it. */
  | "blocked"
  /** The question was closed without an answer. */
  | "dismissed"
  /** The system lets this browser use none. */
  | "system"
  /** The page that shows this one does not pass the device on. */
  | "policy"
  | "missing"
  /** Something else has it, or it does not answer. */
  | "busy"
  /** No device can do what was asked for. */
  | "unfit"
  /** Browsers give devices to secure pages only. */
  | "insecure"
  | "unsupported"
  | "unknown";

export interface Facts {
  allowed: boolean;
  permission: PermissionState | undefined;
}

/** What an error of `getUserMedia` means. */
export function troubleOf(error: unknown, { allowed, permission }: Facts): Trouble {
  const { name, message } = error instanceof Error ? error : new Error();
  switch (name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
      if (!allowed) return "policy";
      // Chromium alone says which of them it was; the word for the system comes while the page itself may.
      if (/system/i.test(message) || permission === "granted") return "system";
      return /dismissed/i.test(message) || permission === "prompt" ? "dismissed" : "blocked";
    case "SecurityError":
      return "policy";
    case "NotFoundError":
    case "DevicesNotFoundError":
      return "missing";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "busy";
    case "OverconstrainedError":
      return "unfit";
    case "TypeError":
      return "unsupported";
    default:
      return "unknown";
  }
}

export interface Help {
  title: string;
  steps: string[];
}

/** What is wrong and what to do, step by step, in the browser that names itself `userAgent`. `inside` the meeting one has joined already. */
export function help(trouble: Trouble, kind: Kind, userAgent: string, inside = false): Help {
  const Name = kind === "microphone" ? "Microphone" : "Camera";
  const words = (title: string, ...steps: string[]): Help => ({ title, steps });
  const without = inside ? [] : [`Or join without a ${kind}.`];
  switch (trouble) {
    case "blocked":
      return words(`Your browser does not let this page use your ${kind}.`, ...allow(Name, userAgent));
    case "dismissed":
      return words(
        `You have not allowed your ${kind} yet.`,
        "Press “Try again”.",
        "Choose “Allow” when your browser asks.",
      );
    case "system":
      return words(`Your device does not let this browser use your ${kind}.`, ...allowInSystem(Name, userAgent));
    case "policy":
      return words(
        `The page around this meeting keeps your ${kind} from it.`,
        "Open the meeting’s link in a tab of its own.",
      );
    case "missing":
      return words(`There is no ${kind}.`, "Plug one in, or switch it on: it is noticed by itself.", ...without);
    case "busy":
      return words(
        `Your ${kind} cannot be started.`,
        `Close other programs and tabs that may use it, such as another meeting.`,
        "Press “Try again”. If that does not help, unplug it and plug it in again, or choose another one.",
      );
    case "unfit":
      return words(`Your ${kind} cannot do what a meeting needs.`, "Choose another one.", ...without);
    case "insecure":
      return words(
        `Browsers give the ${kind} only to pages with a secure address.`,
        "Open the meeting at an address that begins with https://.",
        "If there is none, ask whoever runs this server for one.",
      );
    case "unsupported":
      return words(
        `This browser cannot use your ${kind} here.`,
        "Open the meeting in a new version of Chrome, Edge, Firefox or Safari.",
        "If you came from another app, open the link in your browser itself.",
      );
    case "unknown":
      return words(`Your ${kind} does not work.`, "Press “Try again”.", "If that does not help, restart your browser.");
  }
}

/** The same of both devices at once: what they have in common is said once. */
export function helpBoth(microphone: Trouble, camera: Trouble, userAgent: string): Help {
  const [one, other] = [help(microphone, "microphone", userAgent), help(camera, "camera", userAgent)];
  if (microphone === "missing" && camera === "missing")
    return {
      title: "There is no microphone and no camera.",
      steps: ["Plug them in, or switch them on: they are noticed by themselves.", "Or join without."],
    };
  const title =
    microphone === "unknown" && camera === "unknown"
      ? "Your microphone and camera do not work."
      : microphone === camera
        ? one.title.replace("microphone", "microphone and camera")
        : `${one.title} ${other.title}`;
  const steps = Array.from({ length: Math.max(one.steps.length, other.steps.length) }, (_, at) => [
    ...one.steps.slice(at, at + 1),
    ...other.steps.slice(at, at + 1),
  ]);
  return { title, steps: [...new Set(steps.flat())] };
}

function allow(name: string, userAgent: string): string[] {
  const where = program(userAgent);
  if (/on (iPhone|iPad)/.test(where))
    return where.startsWith("Safari")
      ? ["Tap the button beside the address, then “Website Settings”.", `Set “${name}” to “Allow”.`]
      : allowInSystem(name, userAgent);
  if (where.startsWith("Firefox"))
    return where.endsWith("Android")
      ? ["Tap the lock beside the address.", `Tap “${name}”, so that it is allowed.`]
      : [
          `Click the crossed-out ${name.toLowerCase()} beside the address.`,
          "Take “Blocked” away with the × beside it.",
          "Press “Try again”.",
        ];
  if (where.startsWith("Safari"))
    return [`Open the menu “Safari”, then “Settings for This Website…”.`, `Set “${name}” to “Allow”.`];
  if (where.endsWith("Android"))
    return ["Tap the button left of the address, then “Permissions”.", `Switch “${name}” on.`];
  if (/^(Chrome|Edge|Opera)/.test(where))
    return ["Click the button left of the address.", `Switch “${name}” on.`, "If nothing changes, press “Try again”."];
  return [`Look for “${name}” in your browser’s settings for this page, and allow it.`, "Press “Try again”."];
}

function allowInSystem(name: string, userAgent: string): string[] {
  const where = program(userAgent);
  const browser = where.split(" on ")[0] || "your browser";
  if (/on (iPhone|iPad)/.test(where))
    return [`Open the app “Settings” and look for ${browser}.`, `Switch “${name}” on, and come back.`];
  if (where.endsWith("Android"))
    return [
      `Open your device’s settings, then “Apps”, ${browser}, “Permissions”.`,
      `Allow “${name}”. Also look whether a switch blocks it for all apps.`,
    ];
  if (where.endsWith("Mac"))
    return [
      `Open “System Settings”, then “Privacy & Security”, “${name}”.`,
      `Switch ${browser} on. You may have to start it again.`,
    ];
  if (where.endsWith("Windows"))
    return [
      `Open “Settings”, then “Privacy & security”, “${name}”.`,
      `Switch on “${name} access” and “Let desktop apps access your ${name.toLowerCase()}”.`,
      "Press “Try again”.",
    ];
  return [`Allow “${name}” for ${browser} in your system’s privacy settings.`, "Press “Try again”."];
}
