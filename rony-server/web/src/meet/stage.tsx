/** Inside a meeting: a tile for each person and screen, those who knock, and one's own buttons. */
import { Hand, Mic, MicOff, MonitorUp, MonitorX, PhoneOff, Video as VideoIcon, VideoOff, WifiOff } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { cn } from "@/lib/cn";
import { singleKeys } from "@/lib/single-keys";
import { Button } from "@/ui/button";
import { Tooltip } from "@/ui/tooltip";
import { openDevices, recallChoices, thisBrowser } from "./devices";
import { watchSpeech } from "./level";
import { type Meeting, type MeetingState, streamKey } from "./meeting";
import { looksAfter, type Room } from "./room";
import { help, type Kind } from "./trouble";
import { OwnVideo, Sound, Video } from "./video";
import type { PeerInfo } from "./wire";

/** A device that does not work. */
interface Problem {
  kind: Kind;
  text: string;
}

export function Stage({ meeting, title }: { meeting: Meeting; title: string }) {
  const state = useSyncExternalStore(meeting.subscribe, meeting.snapshot);
  const [problem, setProblem] = useState<Problem | null>(null);
  const microphone = state.own.microphone;
  const spoken = microphone?.muted === false ? microphone.track : null;
  useEffect(
    () => (spoken === null ? undefined : watchSpeech(spoken, (on) => meeting.say({ type: "speaking", on }))),
    [spoken, meeting],
  );
  const toggle = useToggles(meeting, state, setProblem);
  const { room } = state;
  if (room === null) return null;
  const me = room.peers.get(room.self);
  const notice = problem?.text ?? state.notice;
  return (
    <main className="flex h-full flex-col bg-sidebar pb-[env(safe-area-inset-bottom)]">
      <header className="flex h-12 shrink-0 items-center gap-2 px-4">
        <h1 className="min-w-0 flex-1 truncate font-semibold" dir="auto">
          {title}
        </h1>
        {!state.connected && (
          <p role="status" className="flex items-center gap-1.5 text-sm text-warn">
            <WifiOff className="size-4" aria-hidden /> Connecting again…
          </p>
        )}
      </header>
      {looksAfter(room) && <Knocks meeting={meeting} room={room} />}
      {notice !== null && (
        <div role="alert" className="mx-4 mb-2 flex items-center gap-3 rounded-lg border bg-raised px-3 py-2 text-sm">
          <p className="flex-1">{notice}</p>
          {problem !== null && (
            <Button look="link" size="inline" onClick={() => void toggle(problem.kind)}>
              Try again
            </Button>
          )}
          <Button
            look="link"
            size="inline"
            onClick={() => {
              setProblem(null);
              meeting.dismiss();
            }}
          >
            OK
          </Button>
        </div>
      )}
      <Grid room={room} state={state} />
      <div className="flex shrink-0 flex-wrap items-center justify-center gap-2 p-3">
        <Toggle
          on={microphone?.muted === false}
          words={["Switch microphone off (M)", "Switch microphone on (M)"]}
          icons={[<Mic key="on" />, <MicOff key="off" />]}
          press={() => void toggle("microphone")}
        />
        <Toggle
          on={state.own.camera !== undefined}
          words={["Switch camera off (V)", "Switch camera on (V)"]}
          icons={[<VideoIcon key="on" />, <VideoOff key="off" />]}
          press={() => void toggle("camera")}
        />
        {navigator.mediaDevices !== undefined && "getDisplayMedia" in navigator.mediaDevices && (
          <Tooltip side="top" label={state.own.screen ? "Stop showing your screen" : "Show your screen"}>
            <Button
              look={state.own.screen ? "primary" : "plain"}
              size="icon"
              className={cn(state.own.screen && "text-on-accent hover:text-on-accent")}
              aria-label={state.own.screen ? "Stop showing your screen" : "Show your screen"}
              onClick={() => void showScreen(meeting, state)}
            >
              {state.own.screen ? <MonitorX /> : <MonitorUp />}
            </Button>
          </Tooltip>
        )}
        <Tooltip side="top" label={me?.hand ? "Lower your hand" : "Raise your hand"}>
          <Button
            look={me?.hand ? "primary" : "plain"}
            size="icon"
            className={cn(me?.hand && "text-on-accent hover:text-on-accent")}
            aria-label="Raise your hand"
            aria-pressed={me?.hand ?? false}
            onClick={() => meeting.say({ type: "hand", up: !me?.hand })}
          >
            <Hand />
          </Button>
        </Tooltip>
        <Button look="danger" onClick={meeting.leave}>
          <PhoneOff className="size-4" aria-hidden /> Leave
        </Button>
      </div>
    </main>
  );
}

interface ToggleProps {
  on: boolean;
  words: readonly [on: string, off: string];
  icons: readonly [on: ReactNode, off: ReactNode];
  press: () => void;
}

function Toggle({ on, words, icons, press }: ToggleProps) {
  const label = on ? words[0] : words[1];
  return (
    <Tooltip side="top" label={label}>
      <Button
        look={on ? "plain" : "danger"}
        size="icon"
        className={cn(!on && "text-on-danger hover:text-on-danger")}
        aria-label={label}
        onClick={press}
      >
        {on ? icons[0] : icons[1]}
      </Button>
    </Tooltip>
  );
}

/** Switches microphone and camera, also by the keys M and V. */
function useToggles(meeting: Meeting, state: MeetingState, failed: (why: Problem | null) => void) {
  const { own } = state;
  const toggle = useCallback(
    async (kind: Kind) => {
      const held = own[kind];
      if (kind === "microphone" && held !== undefined) return meeting.mute(kind, !held.muted);
      // The light beside a camera that is off is off too.
      if (held !== undefined && !held.muted) return meeting.set(kind, null);
      const chosen = recallChoices()[kind] ?? true;
      const wanted = { microphone: false as const, camera: false as const, [kind]: chosen };
      const got = (await openDevices(wanted, thisBrowser()))[kind];
      if (got.type === "failed") {
        const { title, steps } = help(got.trouble, kind, navigator.userAgent);
        return failed({ kind, text: [title, ...steps].join(" ") });
      }
      failed(null);
      if (got.type !== "on") return;
      // They may have left while the browser asked.
      if (meeting.snapshot().phase === "over") got.track.stop();
      else meeting.set(kind, got.track);
    },
    [meeting, own, failed],
  );
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const { target } = event;
      const writes = target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");
      if (writes || event.repeat || event.ctrlKey || event.metaKey || event.altKey || !singleKeys()) return;
      const key = event.key.toLowerCase();
      if (key === "m") void toggle("microphone");
      else if (key === "v") void toggle("camera");
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [toggle]);
  return toggle;
}

async function showScreen(meeting: Meeting, state: MeetingState): Promise<void> {
  if (state.own.screen !== undefined) return meeting.showScreen(null);
  // Somebody who closes the question has changed their mind: there is nothing to say about it.
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true }).catch(() => null);
  const track = stream?.getVideoTracks()[0];
  if (track === undefined) return;
  if (meeting.snapshot().phase === "in") meeting.showScreen(track);
  else track.stop();
}

function Knocks({ meeting, room }: { meeting: Meeting; room: Room }) {
  if (room.knocks.size === 0) return null;
  return (
    <section aria-label="Who wants to come in" className="mx-4 mb-2 rounded-lg border bg-raised px-3 py-2">
      <ul role="status" className="flex flex-col gap-2">
        {[...room.knocks.values()].map(({ peer, name, user_id }) => (
          <li key={peer} className="flex items-center gap-2 text-sm">
            <p className="min-w-0 flex-1 truncate">
              <span dir="auto" className="font-medium">
                {name}
              </span>
              {user_id === undefined && " (guest)"} wants to come in
            </p>
            <Button look="plain" size="small" onClick={() => meeting.say({ type: "moderate", action: "deny", peer })}>
              Refuse
            </Button>
            <Button size="small" onClick={() => meeting.say({ type: "moderate", action: "admit", peer })}>
              Let in
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Grid({ room, state }: { room: Room; state: MeetingState }) {
  const peers = [...room.peers.values()];
  const tracks = [...room.tracks.values()];
  const screens = tracks.filter(({ source }) => source === "screen");
  const columns = Math.ceil(Math.sqrt(peers.length + screens.length));
  return (
    <ul
      aria-label="People in this meeting"
      className="grid min-h-0 flex-1 auto-rows-fr grid-cols-1 gap-2 overflow-y-auto px-4 sm:grid-cols-[repeat(var(--columns),minmax(0,1fr))]"
      style={{ "--columns": columns } as React.CSSProperties}
    >
      {screens.map(({ track, peer, cid }) => {
        const stream = state.streams.get(streamKey(peer, cid));
        const own = peer === room.self ? state.own.screen?.track : undefined;
        return (
          <Tile key={`screen ${track}`} name={`${room.peers.get(peer)?.name ?? ""} · Screen`}>
            {own ? <OwnVideo track={own} whole /> : stream && <Video stream={stream} whole />}
          </Tile>
        );
      })}
      {peers.map((peer) => (
        <Person key={peer.peer} peer={peer} room={room} state={state} />
      ))}
    </ul>
  );
}

function Person({ peer, room, state }: { peer: PeerInfo; room: Room; state: MeetingState }) {
  const self = peer.peer === room.self;
  const tracks = [...room.tracks.values()].filter((track) => track.peer === peer.peer);
  const find = (source: string) => tracks.find((track) => track.source === source && !track.muted);
  const [camera, microphone] = [find("camera"), find("microphone")];
  const picture = camera && state.streams.get(streamKey(peer.peer, camera.cid));
  const sound = microphone && state.streams.get(streamKey(peer.peer, microphone.cid));
  const own = self ? state.own.camera?.track : undefined;
  const silent = self ? state.own.microphone?.muted !== false : microphone === undefined;
  return (
    <Tile
      name={self ? `${peer.name} (you)` : peer.name}
      silent={silent}
      hand={peer.hand}
      speaks={!silent && room.speakers.includes(peer.peer)}
      away={peer.state === "away"}
    >
      {own ? <OwnVideo track={own} /> : picture && <Video stream={picture} />}
      {!self && sound && <Sound stream={sound} />}
    </Tile>
  );
}

interface TileProps {
  name: string;
  silent?: boolean;
  hand?: boolean;
  speaks?: boolean;
  away?: boolean;
  children: ReactNode;
}

function Tile({ name, silent, hand, speaks, away, children }: TileProps) {
  return (
    <li
      className={cn(
        "relative flex min-h-36 items-center justify-center overflow-hidden rounded-xl bg-muted",
        speaks && "outline-3 outline-accent -outline-offset-3",
      )}
    >
      <span aria-hidden className="absolute select-none font-semibold text-4xl text-soft">
        {[...name][0]?.toUpperCase()}
      </span>
      <div className="absolute inset-0">{children}</div>
      <div className="absolute bottom-2 left-2 flex max-w-[calc(100%-1rem)] items-center gap-1.5 rounded-md bg-black/70 px-2 py-1 text-sm text-white [&_svg]:size-4 [&_svg]:shrink-0">
        {silent && <MicOff aria-label="Microphone off" />}
        {hand && <Hand aria-label="Hand raised" />}
        <span className="truncate" dir="auto">
          {name}
        </span>
        {away && <span className="shrink-0">· connecting again</span>}
        {speaks && <span className="sr-only">speaks</span>}
      </div>
    </li>
  );
}
