/** What is heard while it rings, made by the browser itself. */

interface Pattern {
  /** In hertz, together. */
  notes: readonly number[];
  /** In seconds: how long it sounds, and how long it takes until it sounds again. */
  on: number;
  every: number;
  volume: number;
}

const PATTERNS = {
  /** On a device that is called. */
  ring: { notes: [440, 554], on: 1, every: 3, volume: 0.12 },
  /** For the caller. */
  ringback: { notes: [425], on: 1, every: 4, volume: 0.05 },
} as const satisfies Record<string, Pattern>;

/** Rings until what this gives back is called. A browser that lets the page make no sound yet rings as soon as it does. */
export function ringTone(kind: keyof typeof PATTERNS): () => void {
  if (!("AudioContext" in window)) return () => {};
  const { notes, on, every, volume } = PATTERNS[kind];
  const context = new AudioContext();
  const beep = () => {
    const loudness = context.createGain();
    const at = context.currentTime;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(volume, at + 0.05);
    loudness.gain.setValueAtTime(volume, at + on - 0.1);
    loudness.gain.linearRampToValueAtTime(0, at + on);
    loudness.connect(context.destination);
    for (const frequency of notes) {
      const note = context.createOscillator();
      note.frequency.value = frequency;
      note.connect(loudness);
      note.start(at);
      note.stop(at + on);
    }
  };
  beep();
  const timer = setInterval(beep, every * 1000);
  void context.resume().catch(() => {});
  return () => {
    clearInterval(timer);
    void context.close().catch(() => {});
  };
}

/** Of all tabs of this browser, one at a time does it: rings, and shows the browser's own notification. */
export function inOneTab(act: () => () => void): () => void {
  const end = new AbortController();
  let undo: () => void = () => {};
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  navigator.locks
    .request("rony-rings", { signal: end.signal }, () => {
      if (end.signal.aborted) return;
      undo = act();
      return held;
    })
    .catch(() => {});
  return () => {
    end.abort();
    undo();
    release();
  };
}
