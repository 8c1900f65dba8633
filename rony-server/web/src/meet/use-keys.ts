/** The keys of a meeting, while nobody writes; push to talk while one is muted. */
import { useEffect } from "react";
import { useLatest } from "@/lib/latest";
import { singleKeys } from "@/lib/single-keys";
import { type Action, actionOf, isPressable, isWriting, pushToTalk, type Talk } from "./keys";
import type { Meeting } from "./meeting";

export function useKeys(meeting: Meeting, act: (action: Action) => void): void {
  const latest = useLatest(act);
  useEffect(() => {
    let talk: Talk = "off";
    const step = (event: "down" | "up"): boolean => {
      const own = meeting.snapshot().own.microphone;
      const next = pushToTalk(talk, event, own?.muted === true);
      const used = talk === "held" || next.state === "held";
      talk = next.state;
      if (next.mute !== null) meeting.mute("microphone", next.mute);
      return used;
    };
    const down = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented || isWriting(event.target) || !singleKeys()) return;
      if (event.key === " ") {
        if (!isPressable(event.target) && step("down")) event.preventDefault();
        return;
      }
      const action = actionOf(event);
      if (action === null) return;
      event.preventDefault();
      latest.current(action);
    };
    const up = ({ key }: KeyboardEvent) => key === " " && step("up");
    // Whoever goes to another window lets the key go where this page does not see it.
    const away = () => step("up");
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", away);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", away);
    };
  }, [meeting, latest]);
}
