/** Inside a meeting: the tiles, what one should hear of, one's own buttons, and what is open beside them. */
import { Keyboard, LayoutGrid, Lock, Settings2, UserSquare, WifiOff } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { cn } from "@/lib/cn";
import { useLatest } from "@/lib/latest";
import { Button } from "@/ui/button";
import { Tooltip } from "@/ui/tooltip";
import { unread } from "./chat";
import { ChatPanel } from "./chat-panel";
import { Controls, type Panel } from "./controls";
import { DevicesDialog } from "./devices-dialog";
import { HelpDialog } from "./help-dialog";
import type { Action } from "./keys";
import { arrange, type View } from "./layout";
import { watchSpeech } from "./level";
import { type Meeting, type MeetingState, streamKey } from "./meeting";
import { Notices } from "./notices";
import { PeoplePanel } from "./people-panel";
import type { Room } from "./room";
import { Tiles } from "./tiles";
import type { Rest } from "./use-devices";
import { useKeys } from "./use-keys";
import { useOwn } from "./use-own";
import { Sound } from "./video";

export function Stage({ meeting, rest, title }: Pick<Props, "meeting" | "rest" | "title">) {
  const state = useSyncExternalStore(meeting.subscribe, meeting.snapshot);
  const { room } = state;
  return room === null ? null : <InRoom meeting={meeting} rest={rest} title={title} state={state} room={room} />;
}

interface Props {
  meeting: Meeting;
  /** What the browser was asking for when one came in. */
  rest: Rest | null;
  title: string;
  state: MeetingState;
  room: Room;
}

function InRoom({ meeting, rest, title, state, room }: Props) {
  const own = useOwn(meeting, state, rest);
  const [view, setView] = useState<View>("grid");
  const [pinned, setPinned] = useState<string | null>(null);
  const [panel, setPanel] = useState<Panel>(null);
  const [dialog, setDialog] = useState<"devices" | "help" | null>(null);
  const [large, setLarge] = useState(true);
  const last = useRef<string | null>(null);
  const arrangement = arrange(room, view, pinned, last.current);
  useEffect(() => {
    last.current = arrangement.stage?.key ?? null;
  });
  const news = useUnread(state, panel === "chat", room.self);
  useSpeech(meeting, state);
  const bar = useRef<HTMLDivElement>(null);
  const happened = useNews(state.news);

  function show(next: Panel) {
    setPanel(next);
    // Where one came from.
    if (next === null) bar.current?.querySelector<HTMLElement>("[aria-expanded=true]")?.focus();
  }
  const flip = (which: Panel) => show(panel === which ? null : which);
  const hand = () => meeting.say({ type: "hand", up: !room.hands.includes(room.self) });
  const other: View = view === "grid" ? "speaker" : "grid";
  const acts: Record<Action, () => void> = {
    microphone: () => void own.toggle("microphone"),
    camera: () => void own.toggle("camera"),
    hand,
    chat: () => flip("chat"),
    people: () => flip("people"),
    view: () => setView(other),
    help: () => setDialog("help"),
  };
  useKeys(meeting, (action) => acts[action]());
  useEscape(panel !== null && dialog === null, () => show(null));

  return (
    <main className="relative flex h-full flex-col bg-sidebar pb-[env(safe-area-inset-bottom)]">
      <header className="flex h-12 shrink-0 items-center gap-1 pr-2 pl-4">
        {/* A phone has no room for both: what has just happened takes its place for a moment. */}
        <h1 className={cn("min-w-0 truncate font-semibold", happened !== null && "max-sm:sr-only")} dir="auto">
          {title}
        </h1>
        {room.locked && <Lock className="size-4 shrink-0 text-soft" aria-label="Locked" />}
        <p
          role="status"
          className="min-w-0 flex-1 truncate px-2 text-right text-soft text-sm max-sm:px-0 max-sm:text-left"
        >
          {happened}
        </p>
        {!state.connected && (
          <p role="status" className="flex shrink-0 items-center gap-1.5 text-sm text-warn">
            <WifiOff className="size-4" aria-hidden /> Connecting again…
          </p>
        )}
        <Top
          label={other === "speaker" ? "Show who speaks large" : "Show all alike"}
          press={() => {
            setPinned(null);
            setView(other);
          }}
        >
          {other === "speaker" ? <UserSquare /> : <LayoutGrid />}
        </Top>
        <Top label="Devices" press={() => setDialog("devices")}>
          <Settings2 />
        </Top>
        <Top label="Keyboard shortcuts" press={() => setDialog("help")} className="max-md:hidden">
          <Keyboard />
        </Top>
      </header>
      <Notices
        meeting={meeting}
        room={room}
        state={state}
        own={own}
        peopleShown={panel === "people"}
        large={large}
        seenLarge={() => setLarge(false)}
      />
      <div className="relative flex min-h-0 flex-1 gap-2 px-4 max-md:px-2">
        <Tiles meeting={meeting} room={room} state={state} arrangement={arrangement} pinned={pinned} pin={setPinned} />
        {panel === "chat" && (
          <ChatPanel meeting={meeting} lines={state.chat} self={room.self} close={() => show(null)} />
        )}
        {panel === "people" && <PeoplePanel meeting={meeting} room={room} state={state} close={() => show(null)} />}
      </div>
      <div ref={bar}>
        <Controls
          meeting={meeting}
          room={room}
          state={state}
          toggle={own.toggle}
          hand={hand}
          panel={panel}
          show={show}
          unread={news}
        />
      </div>
      <Sounds room={room} state={state} device={own.speaker?.id} />
      {dialog === "devices" && <DevicesDialog state={state} own={own} close={() => setDialog(null)} />}
      {dialog === "help" && <HelpDialog close={() => setDialog(null)} />}
    </main>
  );
}

interface TopProps {
  label: string;
  press: () => void;
  className?: string;
  children: React.ReactNode;
}

function Top({ label, press, className, children }: TopProps) {
  return (
    <Tooltip side="bottom" label={label}>
      <Button look="ghost" size="icon" aria-label={label} className={className} onClick={press}>
        {children}
      </Button>
    </Tooltip>
  );
}

/** So long a sentence is seen. */
const SEEN = 6_000;

/** The last that happened, for a moment. */
function useNews(news: MeetingState["news"]): string | null {
  const [seen, setSeen] = useState<number | null>(null);
  const id = news?.id ?? null;
  useEffect(() => {
    if (id === null) return;
    const timer = setTimeout(() => setSeen(id), SEEN);
    return () => clearTimeout(timer);
  }, [id]);
  return news !== null && news.id !== seen ? news.text : null;
}

/** All that is heard, whatever of it is seen. */
function Sounds({ room, state, device }: { room: Room; state: MeetingState; device: string | undefined }) {
  return [...room.tracks.values()]
    .filter(({ peer, source }) => peer !== room.self && (source === "microphone" || source === "screen_audio"))
    .map(({ track, peer, cid }) => {
      const stream = state.streams.get(streamKey(peer, cid));
      return stream && <Sound key={track} stream={stream} device={device} />;
    });
}

/** How many lines came since the chat was open last. */
function useUnread({ chat }: MeetingState, open: boolean, self: number): number {
  const [read, setRead] = useState(chat.at(-1) ?? null);
  const newest = chat.at(-1) ?? null;
  useEffect(() => {
    if (open) setRead(newest);
  }, [open, newest]);
  return open ? 0 : unread(chat, read, self);
}

/** Tells the room when this person speaks. */
function useSpeech(meeting: Meeting, { own }: MeetingState): void {
  const spoken = own.microphone?.muted === false ? own.microphone.track : null;
  useEffect(
    () => (spoken === null ? undefined : watchSpeech(spoken, (on) => meeting.say({ type: "speaking", on }))),
    [spoken, meeting],
  );
}

function useEscape(on: boolean, close: () => void): void {
  const latest = useLatest(close);
  useEffect(() => {
    if (!on) return;
    const down = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      // A menu that is open closes first.
      if (document.querySelector("[role=menu]") === null) latest.current();
    };
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, [on, latest]);
}
