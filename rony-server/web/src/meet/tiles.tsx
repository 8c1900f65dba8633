/** The tiles of a meeting: people and screens, as large as there is room for. */
import { Hand, MicOff, PictureInPicture2, Pin, PinOff, SignalLow, SignalZero } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { wantedFor } from "./adapt";
import { GuestMark } from "./guest-mark";
import { type Arrangement, place, type Rect, type Tile } from "./layout";
import { type Meeting, type MeetingState, streamKey } from "./meeting";
import { LEVEL, worse } from "./quality";
import type { Room } from "./room";
import { useSize } from "./use-size";
import { OwnVideo, Video } from "./video";
import type { Level, PeerId, Source, TrackInfo } from "./wire";

interface Props {
  meeting: Meeting;
  room: Room;
  state: MeetingState;
  arrangement: Arrangement;
  pinned: string | null;
  pin: (key: string | null) => void;
}

export function Tiles({ meeting, room, state, arrangement, pinned, pin }: Props) {
  const [list, { width, height }] = useSize<HTMLUListElement>();
  const rects = place(arrangement, width, height);
  const { stage, rest } = arrangement;
  const all = stage === null ? rest : [stage, ...rest];
  useWants(meeting, room, all, rects);
  return (
    <ul ref={list} aria-label="People in this meeting" className="relative min-h-0 min-w-0 flex-1 overflow-y-auto">
      {all.map((tile) => {
        const rect = rects.get(tile.key);
        if (rect === undefined || width === 0) return null;
        const common = { rect, room, state, pinned: pinned === tile.key, pin: pinOf(tile, pinned, pin) };
        return tile.kind === "screen" ? (
          <Screen key={tile.key} peer={tile.peer} {...common} />
        ) : (
          <Person key={tile.key} peer={tile.peer} {...common} />
        );
      })}
    </ul>
  );
}

function pinOf({ key }: Tile, pinned: string | null, pin: Props["pin"]) {
  return () => pin(pinned === key ? null : key);
}

function trackOf(room: Room, peer: PeerId, source: Source): TrackInfo | undefined {
  return [...room.tracks.values()].find((track) => track.peer === peer && track.source === source && !track.muted);
}

/** Others need not send more picture than is seen here. */
function useWants(meeting: Meeting, room: Room, tiles: readonly Tile[], rects: ReadonlyMap<string, Rect>) {
  const wants = tiles
    .filter(({ kind, peer }) => kind === "person" && peer !== room.self)
    .map(({ key, peer }) => [trackOf(room, peer, "camera")?.track, rects.get(key)?.height ?? 0] as const)
    .filter(([track, height]) => track !== undefined && height > 0)
    .map(([track, height]) => `${track} ${wantedFor(height * window.devicePixelRatio)}`)
    .join();
  useEffect(() => {
    // While a window is drawn larger, all sizes between pass by.
    const timer = setTimeout(() => {
      for (const want of wants.split(",").filter(Boolean)) {
        const [track, quality] = want.split(" ");
        meeting.want(Number(track), quality as ReturnType<typeof wantedFor>);
      }
    }, 500);
    return () => clearTimeout(timer);
  }, [meeting, wants]);
}

interface TileProps {
  peer: PeerId;
  room: Room;
  state: MeetingState;
  rect: Rect;
  pinned: boolean;
  pin: () => void;
}

function Screen({ peer, room, state, ...frame }: TileProps) {
  const video = useRef<HTMLVideoElement>(null);
  const self = peer === room.self;
  const track = trackOf(room, peer, "screen");
  const stream = track && state.streams.get(streamKey(peer, track.cid));
  const own = self ? state.own.screen?.track : undefined;
  const { name = "", role } = room.peers.get(peer) ?? {};
  return (
    <Frame
      {...frame}
      name={self ? "Your screen" : `${name} · Screen`}
      guest={role === "guest"}
      initial={name}
      video={video}
    >
      {own ? <OwnVideo track={own} whole ref={video} /> : stream && <Video stream={stream} whole ref={video} />}
    </Frame>
  );
}

function Person({ peer: id, room, state, ...frame }: TileProps) {
  const video = useRef<HTMLVideoElement>(null);
  const peer = room.peers.get(id);
  if (peer === undefined) return null;
  const self = id === room.self;
  const camera = trackOf(room, id, "camera");
  const stream = camera && state.streams.get(streamKey(id, camera.cid));
  const own = self ? state.own.camera?.track : undefined;
  const silent = self ? state.own.microphone?.muted !== false : trackOf(room, id, "microphone") === undefined;
  const reactions = state.reactions.filter(({ from }) => from === id);
  const shown = own !== undefined || stream !== undefined;
  return (
    <Frame
      {...frame}
      name={self ? `${peer.name} (you)` : peer.name}
      guest={peer.role === "guest"}
      initial={peer.name}
      silent={silent}
      hand={room.hands.indexOf(id) + 1}
      speaks={!silent && room.speakers.includes(id)}
      away={peer.state === "away"}
      level={self ? undefined : worse(state.links.get(id)?.level, room.quality.get(id))}
      video={shown ? video : undefined}
      reactions={reactions.map(({ id: key, emoji }) => (
        <span key={key} className="reaction text-4xl">
          {emoji}
        </span>
      ))}
    >
      {own ? <OwnVideo track={own} ref={video} /> : stream && <Video stream={stream} ref={video} />}
    </Frame>
  );
}

interface FrameProps {
  name: string;
  guest: boolean;
  initial: string;
  rect: Rect;
  pinned: boolean;
  pin: () => void;
  silent?: boolean;
  /** The place among raised hands, from 1; 0 where it is down. */
  hand?: number;
  speaks?: boolean;
  away?: boolean;
  level?: Level;
  video?: React.RefObject<HTMLVideoElement | null>;
  reactions?: ReactNode;
  children: ReactNode;
}

function Frame(props: FrameProps) {
  const { name, guest, initial, rect, pinned, pin, video, reactions, children } = props;
  const { silent, hand = 0, speaks, away, level } = props;
  const floats = video !== undefined && document.pictureInPictureEnabled;
  const small = rect.height < 130;
  return (
    <li
      style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height }}
      className={cn(
        "group absolute flex items-center justify-center overflow-hidden rounded-xl bg-muted transition-[left,top,width,height] duration-200",
        speaks && "outline-3 outline-accent -outline-offset-3",
      )}
    >
      <span aria-hidden className={cn("absolute select-none font-semibold text-soft", small ? "text-2xl" : "text-4xl")}>
        {[...initial][0]?.toUpperCase()}
      </span>
      <div className="absolute inset-0">{children}</div>
      <div aria-hidden className="pointer-events-none absolute inset-0 flex items-center justify-center gap-2">
        {reactions}
      </div>
      <div className="absolute top-2 right-2 flex gap-1 opacity-0 transition-opacity focus-within:opacity-100 group-hover:opacity-100 [@media(hover:none)]:opacity-100">
        {floats && !small && (
          <TileButton label={`Show ${name} in a small window`} onClick={() => void float(video.current)}>
            <PictureInPicture2 />
          </TileButton>
        )}
        <TileButton label={pinned ? `Unpin ${name}` : `Pin ${name}`} onClick={pin}>
          {pinned ? <PinOff /> : <Pin />}
        </TileButton>
      </div>
      <div
        className={cn(
          "absolute bottom-2 left-2 flex max-w-[calc(100%-1rem)] items-center gap-1.5 rounded-md bg-black/70 px-2 py-1 text-sm text-white [&_svg]:size-4 [&_svg]:shrink-0",
          small && "bottom-1 left-1 max-w-[calc(100%-0.5rem)] px-1.5 py-0.5 text-xs",
        )}
      >
        {silent && <MicOff aria-label="Microphone off" />}
        {hand > 0 && (
          <span className="flex items-center gap-0.5">
            <Hand aria-label="Hand raised" />
            {hand}
          </span>
        )}
        {pinned && <Pin aria-label="Pinned" />}
        <span className="truncate" dir="auto">
          {name}
        </span>
        {guest && <GuestMark className={small ? "text-[10px] leading-3.5" : undefined} />}
        {level === "fair" && <SignalLow aria-label={LEVEL.fair} className="text-amber-300" />}
        {level === "poor" && (
          <span className="flex min-w-0 items-center gap-1 text-amber-300">
            <SignalZero aria-hidden={!small} aria-label={LEVEL.poor} />
            {!small && <span className="truncate">{LEVEL.poor}</span>}
          </span>
        )}
        {away && <span className="shrink-0">· connecting again</span>}
        {speaks && <span className="sr-only">speaks</span>}
      </div>
    </li>
  );
}

function TileButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Button
      look="ghost"
      size="icon-small"
      aria-label={label}
      title={label}
      className="bg-black/60 text-white hover:bg-black/80 hover:text-white"
      onClick={onClick}
    >
      {children}
    </Button>
  );
}

/** Into a window that stays above others, or back. */
async function float(video: HTMLVideoElement | null): Promise<void> {
  if (video === null) return;
  if (document.pictureInPictureElement === video) await document.exitPictureInPicture().catch(() => {});
  // Some browsers refuse it for a picture that has not come yet.
  else await video.requestPictureInPicture().catch(() => {});
}
