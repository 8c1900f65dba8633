/** The calls that this device is in: whom one sees and hears, and what one can do. It stays while one goes on through the page. */
import { Maximize2, Mic, MicOff, Minimize2, Pause, PhoneOff, Play, Video, VideoOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { usePerson, usePersonName } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { recallChoices } from "@/meet/devices";
import { type Meeting, type MeetingState, streamKey } from "@/meet/meeting";
import { Asking, BlockedSound } from "@/meet/notice";
import { OwnVideo, Video as Picture, Sound } from "@/meet/video";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import type { Sends } from "./desk";
import { Extras } from "./extras";
import { useCalls, useDesk } from "./hooks";
import { useWith } from "./names";
import { type Call, duration } from "./state";
import { Toggle } from "./toggle";
import { ringTone } from "./tone";

export function Panel() {
  const { calls, meetings, sends, asking } = useCalls();
  const [large, setLarge] = useState(false);
  const mine = calls.filter((call) => call.phase !== "ringing");
  if (mine.length === 0) return null;
  // The one that goes on stands first.
  const sorted = [...mine].sort((one, other) => Number(one.held) - Number(other.held));
  const first = sorted[0];
  return (
    <section
      aria-label={mine.length > 1 ? "Calls" : "Call"}
      className={cn(
        "fixed z-30 flex flex-col overflow-hidden border bg-raised shadow-xl",
        large ? "inset-0" : "top-16 right-4 max-h-[80dvh] w-88 rounded-2xl max-sm:inset-x-2 max-sm:w-auto",
      )}
    >
      <div className="not-empty:p-3 not-empty:pb-0">
        <BlockedSound />
      </div>
      {sorted.map((call) => (
        <One
          key={call.id}
          call={call}
          meeting={meetings.get(call.id)}
          sends={sends.get(call.id)}
          asking={asking.get(call.id)}
          large={large && call === first}
          resize={call === first ? () => setLarge(!large) : undefined}
        />
      ))}
    </section>
  );
}

interface OneProps {
  call: Call;
  meeting: Meeting | undefined;
  sends: Sends | undefined;
  /** What the browser may be asking for. */
  asking: string | undefined;
  large: boolean;
  /** Only of the one that goes on. */
  resize: (() => void) | undefined;
}

const NO_MEETING = { subscribe: () => () => {}, snapshot: () => null };

function One({ call, meeting, sends, asking, large, resize }: OneProps) {
  const desk = useDesk();
  const { name, user } = useWith(call);
  const person = usePerson(user);
  const source = meeting ?? NO_MEETING;
  const state = useSyncExternalStore<MeetingState | null>(source.subscribe, source.snapshot);
  const others = state === null ? [] : othersOf(state);
  const calling = call.phase === "calling" || call.phase === "asking";
  const [speaker, hearBy] = useState(() => recallChoices().speaker?.id);
  useEffect(() => (calling ? ringTone("ringback") : undefined), [calling]);
  const pictures = call.held ? [] : others.filter((other) => other.picture !== undefined);
  const own = call.held || sends?.camera !== true ? undefined : state?.own.camera?.track;
  const shows = pictures.length > 0 || own !== undefined;
  return (
    <div className={cn("flex min-h-0 flex-col border-b last:border-b-0", large && "flex-1")}>
      {others.flatMap(({ sounds }) =>
        sounds.map((sound) => <Sound key={sound.id} stream={sound} device={speaker} silent={call.held} />),
      )}
      {shows && (
        <div
          className={cn("relative grid bg-black", large ? "min-h-0 flex-1" : "aspect-video", columns(pictures.length))}
        >
          {pictures.map(({ peer, name: whose, picture }) => (
            <figure key={peer} className="relative min-h-0 min-w-0 overflow-hidden" aria-label={whose}>
              {picture && <Picture stream={picture} whole />}
            </figure>
          ))}
          {own !== undefined && (
            <div
              className={cn(
                "overflow-hidden bg-black",
                pictures.length === 0
                  ? "absolute inset-0"
                  : "absolute right-2 bottom-2 aspect-video w-1/4 rounded-lg ring-1 ring-white/40",
              )}
            >
              <OwnVideo track={own} />
            </div>
          )}
        </div>
      )}
      <div className="flex items-center gap-3 p-3 pb-2">
        <Avatar id={user ?? call.conversation ?? call.id} name={name} picture={person?.avatar} square={user === null} />
        <div className="min-w-0 flex-1">
          <p dir="auto" className="truncate text-left font-semibold text-sm leading-5">
            {name}
          </p>
          <p role="status" className="truncate text-[13px] text-soft leading-4">
            <Status call={call} state={state} others={others.length} />
          </p>
        </div>
        {resize && shows && (
          <Button look="ghost" size="icon" aria-label={large ? "Make it small" : "Make it large"} onClick={resize}>
            {large ? <Minimize2 /> : <Maximize2 />}
          </Button>
        )}
      </div>
      <Unanswered call={call} />
      {asking !== undefined && (
        <div className="px-3 pb-2">
          <Asking what={asking} />
        </div>
      )}
      <div className="flex flex-wrap items-center justify-center gap-2 p-3 pt-1">
        {meeting !== undefined && (
          <>
            <Toggle
              label={sends?.microphone ? "Mute" : "Unmute"}
              off={!sends?.microphone}
              disabled={call.held}
              act={() => void desk?.switch(call.id, "microphone")}
            >
              {sends?.microphone ? <Mic /> : <MicOff />}
            </Toggle>
            <Toggle
              label={sends?.camera ? "Camera off" : "Camera on"}
              off={!sends?.camera}
              disabled={call.held}
              act={() => void desk?.switch(call.id, "camera")}
            >
              {sends?.camera ? <Video /> : <VideoOff />}
            </Toggle>
            {state !== null && <Extras call={call} meeting={meeting} state={state} hearBy={hearBy} />}
            <Toggle label={call.held ? "Go on" : "Hold"} off={false} act={() => desk?.hold(call.id, !call.held)}>
              {call.held ? <Play /> : <Pause />}
            </Toggle>
          </>
        )}
        <Button look="danger" size="small" className="h-9 px-3" onClick={() => desk?.hangUp(call.id)}>
          <PhoneOff className="size-4" aria-hidden />
          {calling ? "Cancel" : "Hang up"}
        </Button>
      </div>
    </div>
  );
}

function Status({ call, state, others }: { call: Call; state: MeetingState | null; others: number }) {
  const holder = usePersonName(call.heldBy[0]);
  const time = useDuration(call.since);
  if (call.phase === "asking") return "Calling…";
  if (call.phase === "calling") return "Ringing…";
  if (call.held) return "On hold";
  if (call.heldBy.length > 0) return `${holder} put you on hold`;
  if (state === null || others === 0) return "Connecting…";
  if (!state.connected) return "Connection lost. It is being restored…";
  return time;
}

/** Who of a group will not come. */
function Unanswered({ call }: { call: Call }) {
  const { group } = useWith(call);
  const users = Object.keys(call.unanswered);
  if (!group || users.length === 0) return null;
  return (
    <p className="px-3 text-soft text-xs">
      Not in the call:{" "}
      {users.map((user, index) => (
        <span key={user}>
          {index > 0 && ", "}
          <Name user={user} />
        </span>
      ))}
    </p>
  );
}

function Name({ user }: { user: string }) {
  return <span dir="auto">{usePersonName(user)}</span>;
}

function useDuration(since: number | null): string {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (since === null) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [since]);
  return since === null ? "" : duration(now - since);
}

interface Other {
  peer: number;
  name: string;
  sounds: MediaStream[];
  picture: MediaStream | undefined;
}

/** Everybody else in the room, with what arrives of them. */
function othersOf({ room, streams }: MeetingState): Other[] {
  if (room === null) return [];
  const tracks = [...room.tracks.values()];
  return [...room.peers.values()]
    .filter(({ peer }) => peer !== room.self)
    .map(({ peer, name }) => {
      const of = (source: string, seen: boolean) => {
        const track = tracks.find((one) => one.peer === peer && one.source === source && !(seen && one.muted));
        return track && streams.get(streamKey(peer, track.cid));
      };
      const sounds = [of("microphone", false), of("screen_audio", false)].filter((sound) => sound !== undefined);
      return { peer, name, sounds, picture: of("screen", true) ?? of("camera", true) };
    });
}

function columns(pictures: number): string {
  return pictures <= 1 ? "grid-cols-1" : pictures <= 4 ? "grid-cols-2" : "grid-cols-3";
}
