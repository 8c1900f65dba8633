import { Dialog } from "@/ui/dialog";
import { Meter } from "./check";
import { DeviceMenu, Speaker } from "./device-menu";
import type { MeetingState } from "./meeting";
import type { OwnDevices } from "./use-own";

interface Props {
  state: MeetingState;
  own: OwnDevices;
  close: () => void;
}

/** Other devices, without leaving the meeting. */
export function DevicesDialog({ state, own, close }: Props) {
  const { devices } = own;
  const [microphone, camera] = [state.own.microphone, state.own.camera];
  return (
    <Dialog open onOpenChange={close} title="Devices">
      <div className="flex flex-col gap-5">
        {devices.microphone.length > 0 ? (
          <div className="flex flex-col gap-3">
            <DeviceMenu
              label="Microphone"
              all={devices.microphone}
              used={microphone?.track.getSettings().deviceId}
              choose={(chosen) => void own.choose("microphone", chosen)}
            />
            {microphone?.muted === false && <Meter track={microphone.track} />}
          </div>
        ) : (
          <p className="text-soft text-sm">There is no microphone. Plug one in: it is noticed by itself.</p>
        )}
        {devices.camera.length > 0 ? (
          <DeviceMenu
            label="Camera"
            all={devices.camera}
            used={camera?.track.getSettings().deviceId}
            choose={(chosen) => void own.choose("camera", chosen)}
          />
        ) : (
          <p className="text-soft text-sm">There is no camera. Plug one in: it is noticed by itself.</p>
        )}
        <Speaker all={devices.speaker} chosen={own.speaker} choose={(chosen) => void own.choose("speaker", chosen)} />
      </div>
    </Dialog>
  );
}
