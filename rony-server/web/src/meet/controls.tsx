/** One's own buttons, below the tiles. */
import {
  Hand,
  MessageSquare,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  PhoneOff,
  Users,
  Video as VideoIcon,
  VideoOff,
} from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Tooltip } from "@/ui/tooltip";
import type { Meeting, MeetingState } from "./meeting";
import { Reactions } from "./reactions";
import { looksAfter, type Room } from "./room";
import { canShowScreen, showScreen } from "./screen";
import type { Kind } from "./trouble";

export type Panel = "chat" | "people" | null;

interface Props {
  meeting: Meeting;
  room: Room;
  state: MeetingState;
  toggle: (kind: Kind) => Promise<void>;
  hand: () => void;
  panel: Panel;
  show: (panel: Panel) => void;
  unread: number;
}

export function Controls({ meeting, room, state, toggle, hand, panel, show, unread }: Props) {
  const { own } = state;
  const up = room.hands.includes(room.self);
  const waiting = looksAfter(room) ? room.knocks.size : 0;
  const flip = (which: Panel) => show(panel === which ? null : which);
  return (
    <div className="flex shrink-0 flex-wrap items-center justify-center gap-2 p-3 max-sm:gap-1.5 max-sm:px-1">
      <Toggle
        on={own.microphone?.muted === false}
        words={["Switch microphone off (M)", "Switch microphone on (M)"]}
        icons={[<Mic key="on" />, <MicOff key="off" />]}
        press={() => void toggle("microphone")}
      />
      <Toggle
        on={own.camera !== undefined}
        words={["Switch camera off (V)", "Switch camera on (V)"]}
        icons={[<VideoIcon key="on" />, <VideoOff key="off" />]}
        press={() => void toggle("camera")}
      />
      {canShowScreen() && (
        <Act
          label={own.screen ? "Stop showing your screen" : "Show your screen"}
          on={own.screen !== undefined}
          press={() => void showScreen(meeting)}
        >
          {own.screen ? <MonitorX /> : <MonitorUp />}
        </Act>
      )}
      <Act
        label="Raise your hand"
        tip={up ? "Lower your hand (H)" : "Raise your hand (H)"}
        pressed={up}
        on={up}
        press={hand}
      >
        <Hand />
      </Act>
      <Reactions meeting={meeting} />
      <Act
        label={waiting > 0 ? `People, ${room.peers.size}, ${waiting} waiting` : `People, ${room.peers.size}`}
        tip="People (P)"
        expanded={panel === "people"}
        press={() => flip("people")}
      >
        <Users />
        <Badge count={waiting} of="waiting" className="-top-1.5 -right-1.5 absolute" />
      </Act>
      <Act
        label={unread > 0 ? `Chat, ${unread} unread` : "Chat"}
        tip="Chat (C)"
        expanded={panel === "chat"}
        press={() => flip("chat")}
      >
        <MessageSquare />
        <Badge count={unread} of="unread" className="-top-1.5 -right-1.5 absolute" />
      </Act>
      <Button look="danger" aria-label="Leave" onClick={meeting.leave} className="max-sm:size-9 max-sm:px-0">
        <PhoneOff className="size-4" aria-hidden /> <span className="max-sm:hidden">Leave</span>
      </Button>
    </div>
  );
}

interface ActProps {
  label: string;
  tip?: string;
  on?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  press: () => void;
  children: ReactNode;
}

function Act({ label, tip = label, on, pressed, expanded, press, children }: ActProps) {
  return (
    <Tooltip side="top" label={tip}>
      <Button
        look={on ? "primary" : "plain"}
        size="icon"
        className={cn(
          "relative size-10 max-sm:size-9",
          on && "text-on-accent hover:text-on-accent",
          expanded && "bg-selected text-link",
        )}
        aria-label={label}
        aria-pressed={pressed}
        aria-expanded={expanded}
        onClick={(event) => letGo(event, press)}
      >
        {children}
      </Button>
    </Tooltip>
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
        className={cn("size-10 max-sm:size-9", !on && "text-on-danger hover:text-on-danger")}
        aria-label={label}
        onClick={(event) => letGo(event, press)}
      >
        {on ? icons[0] : icons[1]}
      </Button>
    </Tooltip>
  );
}

/** Who clicked it with a pointer does not press it again by the space bar, which is to talk. */
function letGo({ detail, currentTarget }: React.MouseEvent<HTMLElement>, press: () => void): void {
  if (detail > 0) currentTarget.blur();
  press();
}
