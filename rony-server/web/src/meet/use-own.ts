/** One's own microphone, camera and speaker in a meeting: on, off, another one, and what happens when one is pulled out. */
import { useCallback, useEffect, useState } from "react";
import { useLatest } from "@/lib/latest";
import {
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
} from "./devices";
import type { Meeting, MeetingState } from "./meeting";
import { type Help, help, type Kind, type Trouble } from "./trouble";
import type { Rest } from "./use-devices";

/** A device that does not work. */
export interface Problem extends Help {
  kind: Kind;
  trouble: Trouble;
}

export interface OwnDevices {
  problem: Problem | null;
  dismiss: () => void;
  /** What the browser may be asking the person for right now. */
  asking: string | null;
  devices: Devices;
  speaker: Chosen | null;
  toggle: (kind: Kind) => Promise<void>;
  choose: (kind: Kind | "speaker", chosen: Chosen) => Promise<void>;
}

export function useOwn(meeting: Meeting, { own }: MeetingState, rest: Rest | null): OwnDevices {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asking, setAsking] = useState<string | null>(rest?.what ?? null);
  const [devices, setDevices] = useState(NO_DEVICES);
  const [speaker, setSpeaker] = useState(() => recallChoices().speaker);
  const latest = useLatest({ own, problem });
  const refresh = useCallback(() => void listDevices(thisBrowser()).then(setDevices), []);

  /** Opens one, and says what to do where that does not work. */
  const open = useCallback(async (kind: Kind, wanted: Wanted): Promise<Got> => {
    const browser = thisBrowser();
    // Where a browser does not tell, it may ask.
    if ((await browser.permission(kind)) !== "granted") setAsking(kind);
    const got = (await openDevices({ microphone: false, camera: false, [kind]: wanted }, browser))[kind];
    setAsking(null);
    if (got.type === "failed")
      setProblem({ kind, trouble: got.trouble, ...help(got.trouble, kind, navigator.userAgent, true) });
    else setProblem((now) => (now?.kind === kind ? null : now));
    return got;
  }, []);

  /** Hands a track to the meeting, which may be over by now. */
  const use = useCallback(
    (kind: Kind, got: Got, muted = false): boolean => {
      if (got.type !== "on") return false;
      if (meeting.snapshot().phase === "over") got.track.stop();
      else meeting.set(kind, got.track, muted);
      refresh();
      return true;
    },
    [meeting, refresh],
  );

  const toggle = useCallback(
    async (kind: Kind) => {
      const held = latest.current.own[kind];
      if (kind === "microphone" && held !== undefined) return meeting.mute(kind, !held.muted);
      // The light beside a camera that is off is off too.
      if (held !== undefined && !held.muted) return meeting.set(kind, null);
      use(kind, await open(kind, recallChoices()[kind] ?? true));
    },
    [meeting, latest, open, use],
  );

  const choose = useCallback(
    async (kind: Kind | "speaker", chosen: Chosen) => {
      keepChoices({ ...recallChoices(), [kind]: chosen });
      if (kind === "speaker") return setSpeaker(chosen);
      const held = latest.current.own[kind];
      // Many phones open one camera at a time.
      if (kind === "camera") meeting.set(kind, null);
      use(kind, await open(kind, chosen), held?.muted ?? false);
    },
    [meeting, latest, open, use],
  );

  useEffect(refresh, [refresh]);
  useEffect(() => {
    void rest?.done.then(() => {
      setAsking((now) => (now === rest.what ? null : now));
      refresh();
    });
  }, [rest, refresh]);

  // What was pulled out, or taken away by the system, is replaced.
  const [microphone, camera] = [own.microphone?.track, own.camera?.track];
  useEffect(() => {
    const watched = [
      ["microphone", microphone],
      ["camera", camera],
    ] as const;
    const stop = watched.map(([kind, track]) => {
      const gone = async () => {
        const muted = latest.current.own[kind]?.muted ?? false;
        meeting.set(kind, null);
        const got = await open(kind, true);
        if (use(kind, got, muted) && got.type === "on")
          meeting.notify(`Your ${kind} is gone: “${track?.label}”. Now “${got.track.label}” is used.`);
      };
      track?.addEventListener("ended", gone);
      return () => track?.removeEventListener("ended", gone);
    });
    return () => {
      for (const one of stop) one();
    };
  }, [microphone, camera, meeting, latest, open, use]);

  // What did not work is tried again when that may help.
  useEffect(
    () =>
      watchDevices(async () => {
        refresh();
        const { problem } = latest.current;
        if (problem === null || latest.current.own[problem.kind] !== undefined) return;
        // Nobody is asked out of nothing.
        if ((await thisBrowser().permission(problem.kind)) === "prompt") return;
        use(problem.kind, await open(problem.kind, recallChoices()[problem.kind] ?? true));
      }),
    [latest, open, use, refresh],
  );

  const dismiss = useCallback(() => setProblem(null), []);
  return { problem, dismiss, asking, devices, speaker, toggle, choose };
}
