import { Volume2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/field";
import type { Chosen } from "./devices";
import { playTest } from "./sound";

interface MenuProps {
  label: string;
  all: readonly Chosen[];
  /** The id of the one that is used. */
  used: string | undefined;
  choose: (chosen: Chosen) => void;
}

/** One device of several. */
export function DeviceMenu({ label, all, used, choose }: MenuProps) {
  const pick = (id: string) => {
    const chosen = all.find((device) => device.id === id);
    if (chosen !== undefined) choose(chosen);
  };
  return (
    <Choice label={label} value={used} onChange={({ target }) => pick(target.value)}>
      {all.map(({ id, label: name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Choice>
  );
}

interface SpeakerProps {
  all: readonly Chosen[];
  chosen: Chosen | null;
  choose: (chosen: Chosen) => void;
}

/** By which device others are heard, where the browser lets one choose; and whether it works. */
export function Speaker({ all, chosen, choose }: SpeakerProps) {
  const [state, setState] = useState<"still" | "plays" | "done" | "failed">("still");
  const used = all.find(({ id }) => id === chosen?.id)?.id ?? all[0]?.id;
  async function test() {
    setState("plays");
    setState(
      await playTest(used).then(
        () => "done" as const,
        () => "failed" as const,
      ),
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {all.length > 1 && <DeviceMenu label="Speaker" all={all} used={used} choose={choose} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button look="plain" size="small" disabled={state === "plays"} onClick={() => void test()}>
          <Volume2 className="size-4" aria-hidden /> Test the speaker
        </Button>
        <p role="status" className="text-soft text-sm">
          {state === "plays" && "Three notes are played…"}
          {state === "done" && "Nothing heard? Turn the sound up, or choose another speaker."}
          {state === "failed" && "This browser cannot play the notes. Look at your system’s sound settings."}
        </p>
      </div>
    </div>
  );
}
