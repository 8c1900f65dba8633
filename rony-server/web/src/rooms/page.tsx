/** The place of meetings: rooms that one made or that belong to one's conversations, and the way into each. */
import { useQueryClient } from "@tanstack/react-query";
import { CalendarPlus, EllipsisVertical, KeyRound, Link2, Lock, Plus, Settings2, Trash2, Video } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, call } from "@/api/client";
import type { Room } from "@/api/types";
import { useModel } from "@/client/hooks";
import { copy } from "@/conversation/acts";
import { places, useNavigate } from "@/lib/navigate";
import { conversationTitle } from "@/model/naming";
import { MeetingCard } from "@/schedule/meeting-card";
import { Upcoming } from "@/schedule/upcoming";
import { openOverlay } from "@/shell/overlays";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { Menu, MenuItem } from "@/ui/menu";
import { Rows } from "@/ui/parts";
import { Screen } from "@/ui/screen";
import { Empty, Failed, Loading } from "@/ui/states";
import { Tooltip } from "@/ui/tooltip";
import { meetingPage } from "./link";
import { comesIn } from "./new-room";
import { RoomForm } from "./room-form";
import { ROOMS, useRooms } from "./rooms";

/** `id`: the scheduled meeting that is shown over the lists. */
export default function Meetings({ id }: { id?: string }) {
  const navigate = useNavigate();
  const make = () => openOverlay({ kind: "new-room" });
  const schedule = () => openOverlay({ kind: "schedule" });
  return (
    <Screen
      title="Meetings"
      actions={
        <>
          <Button size="small" look="plain" onClick={schedule}>
            <CalendarPlus className="size-4 max-sm:hidden" aria-hidden />
            Schedule
          </Button>
          <Button size="small" onClick={make} aria-label="New meeting">
            <Plus className="size-4" aria-hidden />
            <span className="max-sm:hidden">New meeting</span>
            <span className="sm:hidden">New</span>
          </Button>
        </>
      }
    >
      <div className="mx-auto flex max-w-2xl flex-col gap-8 p-4">
        <section aria-labelledby="upcoming">
          <h2 id="upcoming" className="mb-3 font-semibold">
            Coming up
          </h2>
          <Upcoming
            none={
              <p className="text-soft text-sm">
                Nothing is scheduled.{" "}
                <Button look="link" size="inline" onClick={schedule}>
                  Schedule a meeting
                </Button>
              </p>
            }
          />
        </section>
        <section aria-labelledby="rooms">
          <h2 id="rooms" className="mb-3 font-semibold">
            Rooms
          </h2>
          <Rooms make={make} />
        </section>
      </div>
      {id !== undefined && <MeetingCard id={id} close={() => navigate(places.meetings)} />}
    </Screen>
  );
}

function Rooms({ make }: { make: () => void }) {
  const rooms = useRooms();
  if (rooms.isPending) return <Loading />;
  if (rooms.isError) return <Failed error={rooms.error} retry={() => void rooms.refetch()} />;
  const all = rooms.data.pages.flatMap((page) => page.items);
  if (all.length === 0)
    return (
      <Empty icon={<Video />} title="No rooms yet">
        <p>Make one and send its link: others need no account to meet you. Or start a meeting from a conversation.</p>
        <Button look="plain" onClick={make}>
          New meeting
        </Button>
      </Empty>
    );
  return (
    <div className="flex flex-col gap-4">
      <Rows label="Rooms">
        {all.map((room) => (
          <Row key={room.id} room={room} />
        ))}
      </Rows>
      {rooms.hasNextPage && (
        <div className="flex justify-center">
          <Button look="plain" disabled={rooms.isFetchingNextPage} onClick={() => void rooms.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({ room }: { room: Room }) {
  const queries = useQueryClient();
  const own = useModel((model) => model.me.id === room.owner_id);
  const where = useModel((model) => {
    const view = room.conversation_id ? model.conversations.get(room.conversation_id) : undefined;
    return view === undefined ? "" : conversationTitle(model, view);
  });
  const [open, setOpen] = useState<"change" | "delete" | null>(null);
  const close = () => setOpen(null);
  const changed = () => queries.invalidateQueries({ queryKey: ROOMS });
  const name = room.title || where || "Room without a name";
  const params = { path: { id: room.id } };

  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5 font-medium text-sm">
          <span dir="auto" className="truncate">
            {name}
          </span>
          {room.has_password && <KeyRound className="size-3.5 shrink-0 text-soft" aria-label="with a password" />}
          {room.locked && <Lock className="size-3.5 shrink-0 text-soft" aria-label="locked" />}
        </p>
        <p className="truncate text-[13px] text-soft">
          <span className="tabular-nums">{room.code}</span>
          {where !== "" && where !== name && <span dir="auto"> · {where}</span>}
        </p>
      </div>
      <Button asChild size="small">
        <a href={meetingPage(room.code)} target="_blank" rel="noreferrer" aria-label={`Join ${name}`}>
          Join
        </a>
      </Button>
      <Tooltip label="Copy the link" side="top">
        <Button
          look="ghost"
          size="icon"
          aria-label={`Copy the link of ${name}`}
          onClick={() => void copy(room.url, "Link")}
        >
          <Link2 />
        </Button>
      </Tooltip>
      {own && (
        <Menu
          trigger={
            <Button look="ghost" size="icon" aria-label={`More about ${name}`}>
              <EllipsisVertical />
            </Button>
          }
        >
          <MenuItem onSelect={() => setOpen("change")}>
            <Settings2 /> Change
          </MenuItem>
          <MenuItem danger onSelect={() => setOpen("delete")}>
            <Trash2 /> Delete
          </MenuItem>
        </Menu>
      )}
      {open === "change" && (
        <Dialog open onOpenChange={close} title={`Change ${name}`} description={comesIn(room)}>
          <RoomForm
            room={room}
            action="Save"
            send={async (body) => {
              await call(api.PATCH("/rooms/{id}", { params, body }));
              await changed();
              close();
            }}
            beside={
              <Button look="plain" onClick={close}>
                Cancel
              </Button>
            }
          />
        </Dialog>
      )}
      {open === "delete" && (
        <Confirm
          title={`Delete ${name}?`}
          action="Delete"
          danger
          run={async () => {
            await call<unknown>(api.DELETE("/rooms/{id}", { params }));
            await changed();
            toast.success(`${name} is deleted.`);
          }}
          close={close}
        >
          Its link leads nowhere any more, and a meeting in it ends for all.
        </Confirm>
      )}
    </li>
  );
}
