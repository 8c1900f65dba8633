/** Who is in a meeting and who waits, and what host and co-hosts do about it. */
import {
  EllipsisVertical,
  Hand,
  Link2,
  Lock,
  LockOpen,
  Mic,
  MicOff,
  MonitorX,
  UserMinus,
  UserRoundCheck,
  Video as VideoIcon,
  VideoOff,
} from "lucide-react";
import { useState } from "react";
import { copy } from "@/conversation/acts";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { Switch } from "@/ui/switch";
import { Knocks } from "./knocks";
import type { Meeting, MeetingState } from "./meeting";
import { LEVEL, worse } from "./quality";
import { mayEnd, ROLE, rightsOver } from "./rights";
import { looksAfter, type Room } from "./room";
import { Side } from "./side";
import type { Moderate, PeerInfo, Source } from "./wire";

interface Props {
  meeting: Meeting;
  room: Room;
  state: MeetingState;
  close: () => void;
}

export function PeoplePanel({ meeting, room, state, close }: Props) {
  const moderate = (what: Moderate) => meeting.say({ type: "moderate", ...what });
  const looks = looksAfter(room);
  const people = inOrder(room);
  const heard = people.filter((peer) => rightsOver(room, peer).mute && has(room, peer, "microphone"));
  const [ending, setEnding] = useState(false);
  return (
    <Side title={`People (${people.length})`} close={close}>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-2">
        {looks && <Knocks meeting={meeting} room={room} />}
        <ul aria-label="Who is here" className="flex flex-col">
          {people.map((peer) => (
            <Row key={peer.peer} peer={peer} room={room} state={state} moderate={moderate} />
          ))}
        </ul>
      </div>
      <div className="flex flex-col gap-3 border-t p-4 pb-[max(1rem,env(safe-area-inset-bottom))]">
        <Button look="plain" size="small" onClick={() => void copy(window.location.href, "Link")}>
          <Link2 className="size-4" aria-hidden /> Copy the link
        </Button>
        {looks && (
          <>
            <Switch
              label={
                <span className="flex items-center gap-1.5">
                  {room.locked ? <Lock className="size-4" aria-hidden /> : <LockOpen className="size-4" aria-hidden />}
                  Lock the meeting
                </span>
              }
              hint="Nobody else comes in."
              checked={room.locked}
              onChange={(on) => moderate({ action: "lock", on })}
            />
            <div className="flex flex-wrap gap-2">
              <Button
                look="plain"
                size="small"
                disabled={heard.length === 0}
                onClick={() => {
                  for (const { peer } of heard) moderate({ action: "mute", peer, source: "microphone" });
                }}
              >
                Mute all
              </Button>
              {mayEnd(room) && (
                <Button look="danger" size="small" onClick={() => setEnding(true)}>
                  End for all
                </Button>
              )}
            </div>
          </>
        )}
      </div>
      {ending && (
        <Confirm
          title="End the meeting for all?"
          action="End for all"
          danger
          run={async () => moderate({ action: "end" })}
          close={() => setEnding(false)}
        >
          Everybody is out of it at once. The link stays, and leads to the next meeting. To go alone, press “Leave”:
          another becomes the host then.
        </Confirm>
      )}
    </Side>
  );
}

/** Raised hands first, as they were raised; then as people came in. */
function inOrder(room: Room): PeerInfo[] {
  const rank = ({ peer }: PeerInfo) => (room.hands.includes(peer) ? room.hands.indexOf(peer) : room.hands.length);
  return [...room.peers.values()].sort((one, two) => rank(one) - rank(two) || one.peer - two.peer);
}

function has(room: Room, { peer }: PeerInfo, source: Source): boolean {
  return [...room.tracks.values()].some((track) => track.peer === peer && track.source === source && !track.muted);
}

interface RowProps {
  peer: PeerInfo;
  room: Room;
  state: MeetingState;
  moderate: (what: Moderate) => void;
}

function Row({ peer, room, state, moderate }: RowProps) {
  const self = peer.peer === room.self;
  const hand = room.hands.indexOf(peer.peer) + 1;
  const link = state.links.get(peer.peer);
  const level = self ? room.quality.get(peer.peer) : worse(link?.level, room.quality.get(peer.peer));
  const words = [
    ROLE[peer.role],
    peer.state === "away" ? "Connecting again" : level === undefined ? "" : LEVEL[level],
    level === link?.level ? link?.why : "",
  ].filter(Boolean);
  const microphone = has(room, peer, "microphone");
  return (
    <li className="flex min-h-11 items-center gap-2 rounded-lg px-2 py-1 text-sm">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5 font-medium">
          <span dir="auto" className="truncate">
            {peer.name}
          </span>
          {self && <span className="shrink-0 font-normal text-soft">(you)</span>}
        </p>
        {words.length > 0 && <p className="text-soft text-xs">{words.join(" · ")}</p>}
      </div>
      {hand > 0 && (
        <span className="flex items-center gap-0.5 font-medium text-warn">
          <Hand className="size-4" aria-label="Hand raised, number" />
          {hand}
        </span>
      )}
      {microphone ? (
        <Mic className="size-4 text-soft" aria-label="Microphone on" />
      ) : (
        <MicOff className="size-4 text-soft" aria-label="Microphone off" />
      )}
      <Acts peer={peer} room={room} moderate={moderate} />
    </li>
  );
}

function Acts({ peer, room, moderate }: Omit<RowProps, "state">) {
  const [removing, setRemoving] = useState(false);
  const [giving, setGiving] = useState(false);
  const rights = rightsOver(room, peer);
  const { peer: id, name } = peer;
  const [sound, picture, screen] = [
    has(room, peer, "microphone"),
    has(room, peer, "camera"),
    has(room, peer, "screen"),
  ] as const;
  if (!Object.values(rights).some(Boolean)) return null;
  return (
    <>
      <Menu
        trigger={
          <Button look="ghost" size="icon-small" aria-label={`More about ${name}`}>
            <EllipsisVertical />
          </Button>
        }
      >
        {rights.mute && sound && (
          <MenuItem onSelect={() => moderate({ action: "mute", peer: id, source: "microphone" })}>
            <MicOff /> Mute
          </MenuItem>
        )}
        {rights.ask && !sound && (
          <MenuItem onSelect={() => moderate({ action: "ask_unmute", peer: id, source: "microphone" })}>
            <Mic /> Ask to unmute
          </MenuItem>
        )}
        {rights.mute && picture && (
          <MenuItem onSelect={() => moderate({ action: "mute", peer: id, source: "camera" })}>
            <VideoOff /> Switch camera off
          </MenuItem>
        )}
        {rights.ask && !picture && (
          <MenuItem onSelect={() => moderate({ action: "ask_unmute", peer: id, source: "camera" })}>
            <VideoIcon /> Ask for their camera
          </MenuItem>
        )}
        {rights.mute && screen && (
          <MenuItem onSelect={() => moderate({ action: "mute", peer: id, source: "screen" })}>
            <MonitorX /> Stop their screen
          </MenuItem>
        )}
        {rights.lowerHand && peer.hand && (
          <MenuItem onSelect={() => moderate({ action: "lower_hand", peer: id })}>
            <Hand /> Lower their hand
          </MenuItem>
        )}
        {(rights.makeCoHost || rights.unmakeCoHost || rights.handOver) && <MenuSeparator />}
        {rights.makeCoHost && (
          <MenuItem onSelect={() => moderate({ action: "role", peer: id, role: "co_host" })}>
            <UserRoundCheck /> Make co-host
          </MenuItem>
        )}
        {rights.unmakeCoHost && (
          <MenuItem onSelect={() => moderate({ action: "role", peer: id, role: "participant" })}>
            <UserRoundCheck /> Not a co-host any more
          </MenuItem>
        )}
        {rights.handOver && (
          <MenuItem onSelect={() => setGiving(true)}>
            <UserRoundCheck /> Make host
          </MenuItem>
        )}
        {rights.remove && (
          <>
            <MenuSeparator />
            <MenuItem danger onSelect={() => setRemoving(true)}>
              <UserMinus /> Remove
            </MenuItem>
          </>
        )}
      </Menu>
      {removing && (
        <Confirm
          title={`Remove ${name}?`}
          action="Remove"
          danger
          run={async () => moderate({ action: "kick", peer: id })}
          close={() => setRemoving(false)}
        >
          They are out at once, and cannot come back into this meeting.
        </Confirm>
      )}
      {giving && (
        <Confirm
          title={`Make ${name} the host?`}
          action="Make host"
          run={async () => moderate({ action: "role", peer: id, role: "host" })}
          close={() => setGiving(false)}
        >
          You are a co-host then, and cannot take it back yourself.
        </Confirm>
      )}
    </>
  );
}
