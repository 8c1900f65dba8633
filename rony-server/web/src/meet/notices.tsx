/** What a person should hear of, above the tiles. */
import { Button } from "@/ui/button";
import { LARGE } from "./adapt";
import { Knocks } from "./knocks";
import type { Meeting, MeetingState } from "./meeting";
import { Asking, BlockedSound, Notice } from "./notice";
import { looksAfter, type Room } from "./room";
import type { OwnDevices } from "./use-own";

interface Props {
  meeting: Meeting;
  room: Room;
  state: MeetingState;
  own: OwnDevices;
  /** The people beside the tiles show who waits already. */
  peopleShown: boolean;
  large: boolean;
  seenLarge: () => void;
}

export function Notices({ meeting, room, state, own, peopleShown, large, seenLarge }: Props) {
  const { asked, notice } = state;
  const { problem, asking } = own;
  const small = (text: string, onClick: () => void, look: "primary" | "plain" = "plain") => (
    <Button key={text} look={look} size="small" onClick={onClick}>
      {text}
    </Button>
  );
  return (
    <div className="flex shrink-0 flex-col gap-2 px-4 not-empty:pb-2">
      <BlockedSound />
      {looksAfter(room) && !peopleShown && <Knocks meeting={meeting} room={room} />}
      {asked !== null && (
        <Notice
          alert
          acts={[
            small("Not now", () => meeting.answered()),
            small(
              "Switch on",
              () => {
                meeting.answered();
                if (state.own[asked.source]?.muted !== false) void own.toggle(asked.source);
              },
              "primary",
            ),
          ]}
        >
          {asked.by} asks you to switch your {asked.source} on.
        </Notice>
      )}
      {asking !== null && <Asking what={asking} />}
      {problem !== null && (
        <Notice alert acts={[small("Try again", () => void own.toggle(problem.kind)), small("OK", own.dismiss)]}>
          <span className="font-medium">{problem.title}</span> {problem.steps.join(" ")}
        </Notice>
      )}
      {notice !== null && (
        <Notice alert acts={[small("OK", () => meeting.dismiss())]}>
          {notice}
        </Notice>
      )}
      {large && room.mode === "mesh" && room.peers.size >= LARGE && (
        <Notice acts={[small("OK", seenLarge)]}>
          You are {room.peers.size}. In a meeting as large as this, pictures and sound become weak: everybody sends to
          everybody, because the media router for large meetings is not there yet. It helps to switch cameras off.
        </Notice>
      )}
    </div>
  );
}
