/** The microphone and camera of somebody who gets ready: opened, tried again when that may help, and given back. */
import { useCallback, useEffect, useRef, useState } from "react";
import { useLatest } from "@/lib/latest";
import {
  type Choices,
  type Chosen,
  type Devices,
  type Got,
  keepChoices,
  listDevices,
  NO_DEVICES,
  openDevices,
  recallChoices,
  thisBrowser,
  type Wanted,
  watchDevices,
  wordsFor,
} from "./devices";
import type { Kind } from "./trouble";

export interface DeviceCheck {
  choices: Choices;
  got: Record<Kind, Got>;
  /** The browser may be asking the person right now. */
  asking: boolean;
  devices: Devices;
  change: (choices: Partial<Choices>) => void;
  choose: (kind: Kind, chosen: Chosen) => void;
  retry: () => void;
  /** Hands the open tracks over to a meeting, which gives them back; what is still being opened, the `rest`, comes `later`. */
  take: (later: Later) => { tracks: Partial<Record<Kind, MediaStreamTrack>>; rest: Rest | null };
}

type Later = (kind: Kind, track: MediaStreamTrack) => void;

/** Devices that the browser may be asking its person for. */
export interface Rest {
  what: string;
  /** It has been answered. */
  done: Promise<unknown>;
}

/** Devices that are being opened. */
interface Opening {
  /** Somebody has chosen something else, or is gone. */
  over: boolean;
  /** Who takes them all the same. */
  later: Later | null;
  rest: Rest | null;
}

const OFF: Record<Kind, Got> = { microphone: { type: "off" }, camera: { type: "off" } };

export function useDevices(): DeviceCheck {
  const [choices, setChoices] = useState(recallChoices);
  const [got, setGot] = useState(OFF);
  const [asking, setAsking] = useState(false);
  const [devices, setDevices] = useState(NO_DEVICES);
  const [attempt, setAttempt] = useState(0);
  const held = useRef<Record<Kind, Got>>(OFF);
  const last = useRef<Opening>(null);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);

  const { microphoneOn, cameraOn } = choices;
  const [microphone, camera] = [choices.microphone?.id, choices.camera?.id];
  const latest = useLatest(choices);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt, and each choice of a device, opens anew
  useEffect(() => {
    const opening: Opening = { over: false, later: null, rest: null };
    last.current = opening;
    const { current: now } = latest;
    const wanted: Record<Kind, Wanted> = {
      microphone: microphoneOn && (now.microphone ?? true),
      camera: cameraOn && (now.camera ?? true),
    };
    setAsking(microphoneOn || cameraOn);
    const browser = thisBrowser();
    const done = openDevices(wanted, browser);
    opening.rest = { what: wordsFor(wanted), done };
    void done.then(async (next) => {
      opening.rest = null;
      if (opening.later !== null) return hand(next, opening.later);
      if (opening.over) return close(next);
      held.current = next;
      setGot(next);
      setAsking(false);
      const found = await listDevices(browser);
      if (!opening.over) setDevices(found);
    });
    return () => {
      opening.over = true;
      close(held.current);
      held.current = OFF;
    };
  }, [microphoneOn, cameraOn, microphone, camera, attempt]);

  const failed = got.microphone.type === "failed" || got.camera.type === "failed";
  useEffect(
    () =>
      watchDevices(() => {
        if (failed) retry();
        else void listDevices(thisBrowser()).then(setDevices);
      }),
    [failed, retry],
  );

  const change = useCallback(
    (changed: Partial<Choices>) => {
      const next = { ...latest.current, ...changed };
      keepChoices(next);
      setChoices(next);
    },
    [latest],
  );
  const choose = useCallback((kind: Kind, chosen: Chosen) => change({ [kind]: chosen }), [change]);

  const take = useCallback((later: Later) => {
    if (last.current !== null) last.current.later = later;
    const { microphone, camera } = held.current;
    held.current = OFF;
    const tracks = {
      ...(microphone.type === "on" && { microphone: microphone.track }),
      ...(camera.type === "on" && { camera: camera.track }),
    };
    return { tracks, rest: last.current?.rest ?? null };
  }, []);

  return { choices, got, asking, devices, change, choose, retry, take };
}

function close(got: Record<Kind, Got>): void {
  for (const one of Object.values(got)) if (one.type === "on") one.track.stop();
}

function hand(got: Record<Kind, Got>, to: Later): void {
  for (const kind of ["microphone", "camera"] as const) {
    const one = got[kind];
    if (one.type === "on") to(kind, one.track);
  }
}
