/** How loud a microphone is. */
import { useEffect, useState } from "react";

const EVERY = 100;

/** Tells how loud a track is, from 0 to 1, until it is stopped. */
export function watchLevel(track: MediaStreamTrack, heard: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    // Browsers let no sound be looked at before somebody has touched the page.
    if (context.state === "suspended") void context.resume().catch(() => {});
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // Speech is around a tenth of what fits: the root makes it easy to see.
    heard(Math.min(1, Math.sqrt(Math.sqrt(power) * 4)));
  }, EVERY);
  return () => {
    clearInterval(timer);
    void context.close().catch(() => {});
  };
}

export function useLevel(track: MediaStreamTrack | null): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    setLevel(0);
    return track === null ? undefined : watchLevel(track, setLevel);
  }, [track]);
  return level;
}

/** Above this somebody speaks; they have stopped when it was quieter for so long. */
const SPEECH = 0.3;
const PAUSE = 800;

/** Tells when somebody begins and stops to speak. */
export function watchSpeech(track: MediaStreamTrack, changed: (speaks: boolean) => void): () => void {
  let [speaks, last] = [false, 0];
  const stop = watchLevel(track, (level) => {
    const now = performance.now();
    if (level > SPEECH) last = now;
    const next = last > 0 && now - last < PAUSE;
    if (next === speaks) return;
    speaks = next;
    changed(speaks);
  });
  return () => {
    stop();
    if (speaks) changed(false);
  };
}
