import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "@/api/client";
import type { Room } from "@/api/types";
import { CopyLink } from "@/shell/copy-link";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { meetingPage } from "./link";
import { RoomForm, type Wish } from "./room-form";
import { ROOMS } from "./rooms";

/** Makes a room, and gives its link. */
export default function NewRoom({ close }: { close: () => void }) {
  const queries = useQueryClient();
  // Where no answer came, the room may be there all the same: asked again, it is the same one.
  const [client_id] = useState(() => crypto.randomUUID());
  const [room, setRoom] = useState<Room | null>(null);

  async function make(wish: Wish) {
    setRoom(await call(api.POST("/rooms", { body: { ...wish, client_id } })));
    await queries.invalidateQueries({ queryKey: ROOMS });
  }

  if (room !== null)
    return (
      <Dialog open onOpenChange={close} title={room.title || "Your meeting"} description={comesIn(room)}>
        <CopyLink link={room.url} label="Link to the meeting" hint="Send it to those you want to meet." />
        <div className="mt-6 flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Done
          </Button>
          <Button asChild>
            <a href={meetingPage(room.code)} target="_blank" rel="noreferrer" onClick={close}>
              Open the meeting
            </a>
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog
      open
      onOpenChange={close}
      title="New meeting"
      description="A room with a link. It stays until you delete it."
    >
      <RoomForm action="Make the room" send={make} />
    </Dialog>
  );
}

/** Who comes in how, in a sentence. */
export function comesIn({ guests, lobby, has_password, locked }: Room): string {
  if (locked) return "It is locked: only you come in.";
  const who = guests ? "Whoever has the link" : "Whoever has the link and an account here";
  const asks = guests && lobby === "guests" ? "comes in; guests ask first" : "comes in";
  const how = lobby === "everyone" ? "may ask to come in" : asks;
  return `${who} ${how}${has_password ? ", with the password" : ""}.`;
}
