/** What was found when a connection was tried, in words: what works, what does not, and what to do about it. */
import { help, type Kind, type Trouble } from "../trouble";

/** What came of a way through servers that help devices to find each other. */
export type Way =
  | { type: "checking" }
  /** Nobody has set such a server. */
  | { type: "none" }
  /** One has to be signed in to be told of them. */
  | { type: "hidden" }
  | { type: "works"; detail: string }
  | { type: "fails"; detail: string };

export type Device = { type: "checking" } | { type: "works"; name: string } | { type: "fails"; trouble: Trouble };

export interface Findings {
  secure: boolean;
  /** The live connection to the server; null while it is tried. */
  gateway: boolean | null;
  microphone: Device;
  camera: Device;
  /** Picture sent by this browser to itself. */
  media: Way;
  /** A server that tells a device how it is seen from outside. */
  stun: Way;
  /** A server that passes on what finds no direct way. */
  relay: Way;
}

export const BEGINNING: Findings = {
  secure: false,
  gateway: null,
  microphone: { type: "checking" },
  camera: { type: "checking" },
  media: { type: "checking" },
  stun: { type: "checking" },
  relay: { type: "checking" },
};

/** `note`: it can be done without, or was not tried. */
export type Standing = "checking" | "good" | "note" | "bad";

export interface Verdict {
  name: string;
  standing: Standing;
  /** In a sentence. */
  text: string;
  /** What to do, step by step. */
  steps: string[];
}

const CHECKING: Words = { standing: "checking", text: "Being checked…", steps: [] };

/** One verdict for each thing that a meeting needs. */
export function verdicts(found: Findings, userAgent: string): Verdict[] {
  return [
    { name: "Secure page", ...secure(found.secure) },
    { name: "Server", ...gateway(found.gateway) },
    { name: "Microphone", ...device(found.microphone, "microphone", userAgent) },
    { name: "Camera", ...device(found.camera, "camera", userAgent) },
    { name: "Sound and pictures", ...media(found.media) },
    { name: "Your address", ...stun(found.stun, found.relay) },
    { name: "Detour", ...relay(found.relay) },
  ];
}

type Words = Omit<Verdict, "name">;

const good = (text: string): Words => ({ standing: "good", text, steps: [] });
const note = (text: string, ...steps: string[]): Words => ({ standing: "note", text, steps });
const bad = (text: string, ...steps: string[]): Words => ({ standing: "bad", text, steps });

function secure(it: boolean): Words {
  if (it) return good("The address of this page is secure.");
  return bad(
    "The address of this page is not secure, so browsers give it no microphone and no camera.",
    "Open this page at an address that begins with https://.",
    "If there is none, ask whoever runs this server for one.",
  );
}

function gateway(it: boolean | null): Words {
  if (it === null) return CHECKING;
  if (it) return good("The live connection to the server works.");
  return bad(
    "The live connection to the server does not come about.",
    "Try another network, such as your phone’s.",
    "If it works there, ask whoever looks after this network to let WebSockets to this server through.",
  );
}

function device(it: Device, kind: Kind, userAgent: string): Words {
  if (it.type === "checking") return CHECKING;
  if (it.type === "works") return good(it.name || `Your ${kind} works.`);
  const { title, steps } = help(it.trouble, kind, userAgent);
  return { standing: it.trouble === "missing" ? "note" : "bad", text: title, steps };
}

function media(it: Way): Words {
  if (it.type === "checking") return CHECKING;
  if (it.type === "works") return good("This browser sends and shows moving pictures.");
  return bad(
    "This browser cannot send pictures, not even to itself.",
    "Switch off extensions that hide your address or block “WebRTC”, for this page.",
    "Or try another browser.",
  );
}

function stun(it: Way, detour: Way): Words {
  if (it.type === "checking") return CHECKING;
  if (it.type === "works") return good("Your device knows how others reach it.");
  if (it.type === "hidden") return note("Sign in to have this checked too.");
  const through = "People in other networks may not be able to reach you directly.";
  if (it.type === "none")
    return note(
      `This server names none that tells your device how it is seen from outside. ${through}`,
      "It does not matter while all are in one network. Otherwise ask whoever runs this server to set one.",
    );
  // Who has a detour is heard all the same.
  const text = `Your network keeps your device from learning how it is seen from outside. ${through}`;
  if (detour.type === "works") return note(text);
  return bad(text, "Try another network.", "Or ask whoever looks after this one to let UDP through.");
}

function relay(it: Way): Words {
  if (it.type === "checking") return CHECKING;
  if (it.type === "works") return good("Where there is no direct way to somebody, the server’s detour works.");
  if (it.type === "hidden") return note("Sign in to have this checked too.");
  if (it.type === "none")
    return note(
      "This server has no detour for those who cannot reach each other directly.",
      "It does not matter while all are in one network. Otherwise ask whoever runs this server to set one.",
    );
  return bad(
    "The server’s detour cannot be reached. You will not hear people to whom there is no direct way.",
    "Try another network.",
    "If it fails there too, copy the report and send it to whoever runs this server.",
  );
}

/** What all of them come to, in a sentence. */
export function summary(all: readonly Verdict[]): string {
  const of = (standing: Standing) => all.filter((one) => one.standing === standing).length;
  if (of("checking") > 0) return "This takes a few seconds.";
  if (of("bad") > 0) return "Something would go wrong in a meeting. Look at what is marked below.";
  if (of("note") > 0) return "You can meet. Some things could be better.";
  return "All is well: you can meet.";
}

/** All that helps whoever looks after the server, and nothing that opens anything. */
export function report(
  found: Findings,
  all: readonly Verdict[],
  where: { page: string; browser: string; at: Date },
): string {
  const detail = (way: Way) => ("detail" in way ? `${way.type}: ${way.detail}` : way.type);
  return [
    "Connection test of Rony",
    `Time: ${where.at.toISOString()}`,
    `Page: ${where.page}`,
    `Browser: ${where.browser}`,
    ...all.map(({ name, standing, text }) => `${name}: ${standing}. ${text}`),
    `Media: ${detail(found.media)}`,
    `STUN: ${detail(found.stun)}`,
    `TURN: ${detail(found.relay)}`,
  ].join("\n");
}
