/** What a call has of a meeting: other devices without hanging up, and the screen. */
import { MonitorUp, MonitorX, Settings2 } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { DevicesDialog } from "@/meet/devices-dialog";
import type { Meeting, MeetingState } from "@/meet/meeting";
import { canShowScreen, showScreen } from "@/meet/screen";
import { type OwnDevices, useOwn } from "@/meet/use-own";
import { useDesk } from "./hooks";
import type { Call } from "./state";
import { Toggle } from "./toggle";

interface Props {
  call: Call;
  meeting: Meeting;
  state: MeetingState;
  /** Others are to be heard by this device. */
  hearBy: (speaker: string) => void;
}

export function Extras({ call, meeting, state, hearBy }: Props) {
  const desk = useDesk();
  const own = useOwn(meeting, state, null);
  const [open, setOpen] = useState(false);
  const { problem } = own;
  const { notice, own: tracks } = state;
  useEffect(() => {
    if (problem === null) return;
    toast.error(problem.title, { description: problem.steps.join(" "), duration: 15_000 });
  }, [problem]);
  useEffect(() => {
    if (notice === null) return;
    toast(notice);
    meeting.dismiss();
  }, [notice, meeting]);
  // A device that was chosen, or pulled out, changes what is sent.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each change of the devices in use
  useEffect(() => desk?.follow(call.id), [desk, call.id, tracks]);
  const choose: OwnDevices["choose"] = async (kind, chosen) => {
    await own.choose(kind, chosen);
    if (kind === "speaker") hearBy(chosen.id);
  };
  const shown = tracks.screen !== undefined;
  return (
    <>
      {canShowScreen() && (
        <Toggle
          label={shown ? "Stop showing your screen" : "Show your screen"}
          off={false}
          disabled={call.held}
          act={() => void showScreen(meeting)}
        >
          {shown ? <MonitorX /> : <MonitorUp />}
        </Toggle>
      )}
      <Toggle label="Devices" off={false} disabled={call.held} act={() => setOpen(true)}>
        <Settings2 />
      </Toggle>
      {open && <DevicesDialog state={state} own={{ ...own, choose }} close={() => setOpen(false)} />}
    </>
  );
}
