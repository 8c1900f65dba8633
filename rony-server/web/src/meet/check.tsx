/** Before the door: how one looks and sounds, with which devices, and what to do where one does not work. */
import { Mic, MicOff, Video as VideoIcon, VideoOff } from "lucide-react";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { DeviceMenu, Speaker } from "./device-menu";
import { useLevel } from "./level";
import { help, helpBoth, type Kind } from "./trouble";
import type { DeviceCheck } from "./use-devices";
import { OwnVideo } from "./video";

export function Check({ check }: { check: DeviceCheck }) {
  const { choices, got, asking } = check;
  const camera = got.camera.type === "on" ? got.camera.track : null;
  const microphone = got.microphone.type === "on" ? got.microphone.track : null;
  return (
    <div className="flex flex-col gap-3">
      <div
        className={cn(
          "relative aspect-video overflow-hidden rounded-xl bg-muted",
          // There will be no picture, and the form below has better use for the room.
          got.camera.type === "failed" && "max-sm:aspect-[5/2]",
        )}
      >
        {camera !== null ? (
          <OwnVideo track={camera} />
        ) : (
          <p className="flex h-full items-center justify-center p-4 pb-14 text-center text-soft text-sm" role="status">
            {asking
              ? "Your browser may ask whether this page may use your microphone and camera. Choose “Allow”."
              : choices.cameraOn
                ? "No picture"
                : "Your camera is off"}
          </p>
        )}
        <div className="absolute inset-x-0 bottom-3 flex justify-center gap-2">
          <Button
            look={choices.microphoneOn ? "plain" : "danger"}
            size="icon"
            className={cn(!choices.microphoneOn && "text-on-danger hover:text-on-danger")}
            aria-label={choices.microphoneOn ? "Switch microphone off" : "Switch microphone on"}
            onClick={() => check.change({ microphoneOn: !choices.microphoneOn })}
          >
            {choices.microphoneOn ? <Mic /> : <MicOff />}
          </Button>
          <Button
            look={choices.cameraOn ? "plain" : "danger"}
            size="icon"
            className={cn(!choices.cameraOn && "text-on-danger hover:text-on-danger")}
            aria-label={choices.cameraOn ? "Switch camera off" : "Switch camera on"}
            onClick={() => check.change({ cameraOn: !choices.cameraOn })}
          >
            {choices.cameraOn ? <VideoIcon /> : <VideoOff />}
          </Button>
        </div>
      </div>
      {microphone !== null && <Meter track={microphone} />}
      <Problem check={check} />
      <Menu check={check} kind="microphone" label="Microphone" track={microphone} />
      <Menu check={check} kind="camera" label="Camera" track={camera} />
      <Speaker all={check.devices.speaker} chosen={choices.speaker} choose={(speaker) => check.change({ speaker })} />
    </div>
  );
}

/** How loud one is. */
export function Meter({ track }: { track: MediaStreamTrack }) {
  const level = useLevel(track);
  return (
    <div className="flex items-center gap-2 text-soft text-sm">
      <Mic className="size-4" aria-hidden />
      {/* biome-ignore lint/a11y/useSemanticElements: browsers paint the ground of theirs as they like, in the dark as if it were full */}
      <div
        role="meter"
        aria-label="How loud you are"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(level * 100)}
        className="h-2 flex-1 overflow-hidden rounded-full border border-strong"
      >
        <div className="h-full bg-good" style={{ width: `${level * 100}%` }} />
      </div>
    </div>
  );
}

/** All that is wrong in one box: two would push the rest of the form off a phone. */
function Problem({ check }: { check: DeviceCheck }) {
  const { microphone, camera } = check.got;
  const agent = navigator.userAgent;
  const words =
    microphone.type === "failed" && camera.type === "failed"
      ? helpBoth(microphone.trouble, camera.trouble, agent)
      : microphone.type === "failed"
        ? help(microphone.trouble, "microphone", agent)
        : camera.type === "failed"
          ? help(camera.trouble, "camera", agent)
          : null;
  if (words === null) return null;
  const { title, steps } = words;
  return (
    <div role="alert" className="rounded-lg border border-warn px-3 py-2 text-sm">
      <p className="font-medium">{title}</p>
      <ol className="mt-1 list-decimal pl-5 text-soft">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Button look="link" size="inline" className="mt-1" onClick={check.retry}>
        Try again
      </Button>
    </div>
  );
}

interface MenuProps {
  check: DeviceCheck;
  kind: Kind;
  label: string;
  track: MediaStreamTrack | null;
}

function Menu({ check, kind, label, track }: MenuProps) {
  const all = check.devices[kind];
  if (track === null || all.length < 2) return null;
  // What is really used, which need not be what was chosen.
  const used = track.getSettings().deviceId;
  return <DeviceMenu label={label} all={all} used={used} choose={(chosen) => check.choose(kind, chosen)} />;
}
