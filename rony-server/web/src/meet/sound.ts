/** What is heard: by which device, and what to do where a browser lets nothing be heard before somebody has touched the page. */
import { useSyncExternalStore } from "react";

/** Those that may not play yet. */
const blocked = new Set<HTMLAudioElement>();
const listeners = new Set<() => void>();

function changed(): void {
  for (const gesture of ["click", "keydown"] as const) {
    // Whatever the page is touched for, it may be heard from then on.
    if (blocked.size > 0) document.addEventListener(gesture, hear, true);
    else document.removeEventListener(gesture, hear, true);
  }
  for (const listener of listeners) listener();
}

/** Lets a stream be heard, until what comes back is called. */
export function play(audio: HTMLAudioElement, stream: MediaStream): () => void {
  audio.srcObject = stream;
  void start(audio);
  return () => {
    audio.srcObject = null;
    if (blocked.delete(audio)) changed();
  };
}

async function start(audio: HTMLAudioElement): Promise<void> {
  try {
    await audio.play();
    if (blocked.delete(audio)) changed();
  } catch (error) {
    // Anything else means that it was taken away meanwhile.
    if (!(error instanceof Error) || error.name !== "NotAllowedError") return;
    blocked.add(audio);
    changed();
  }
}

/** Whether there is something that may not be heard until `hear` is called by a touch or a key. */
export function useBlockedSound(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => blocked.size > 0,
  );
}

export function hear(): void {
  for (const audio of [...blocked]) void start(audio);
}

/** Sends what an element plays to a device; to the system's own where that one is away. */
export async function sendTo(audio: HTMLAudioElement, device: string | undefined): Promise<void> {
  if (!("setSinkId" in audio)) return;
  await audio.setSinkId(device ?? "").catch(() => audio.setSinkId("").catch(() => {}));
}

/** In seconds. */
const NOTE = 0.35;

/** Plays three notes by a device. Ends with them. */
export async function playTest(device: string | undefined): Promise<void> {
  const context = new AudioContext();
  const [out, volume, audio] = [context.createMediaStreamDestination(), context.createGain(), new Audio()];
  volume.gain.value = 0.2;
  volume.connect(out);
  for (const [at, frequency] of [523, 659, 784].entries()) {
    const note = context.createOscillator();
    note.frequency.value = frequency;
    note.connect(volume);
    note.start(context.currentTime + at * NOTE);
    note.stop(context.currentTime + (at + 1) * NOTE);
  }
  audio.srcObject = out.stream;
  try {
    await sendTo(audio, device);
    await Promise.all([context.resume(), audio.play()]);
    await new Promise((done) => setTimeout(done, 3 * NOTE * 1_000 + 200));
  } finally {
    audio.srcObject = null;
    await context.close().catch(() => {});
  }
}
