import { Pin as PinIcon, PinOff } from "lucide-react";
import type { Pin } from "@/api/types";
import { useModel, usePerson, usePersonName } from "@/client/hooks";
import { shortTime } from "@/lib/time";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/states";
import { pin } from "../acts";
import { Body } from "../message/body";
import { useTalk } from "../talk";
import { PaneFrame } from "./pane";

/** The messages that were pinned, the newest pin first. */
export default function PinsPane({ close }: { close: () => void }) {
  const { view } = useTalk();
  const pins = useModel((model) => model.pins.get(view.id));
  return (
    <PaneFrame title="Pinned messages" close={close}>
      {!pins?.length ? (
        <Empty icon={<PinIcon />} title="Nothing is pinned">
          <p>Pin what everybody should find again: point at a message, and choose Pin in its menu.</p>
        </Empty>
      ) : (
        <ul className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto p-3">
          {pins.map((one) => (
            <One key={one.message.id} pin={one} close={close} />
          ))}
        </ul>
      )}
    </PaneFrame>
  );
}

function One({ pin: { message, pinned_by }, close }: { pin: Pin; close: () => void }) {
  const { rights, jump } = useTalk();
  const person = usePerson(message.sender_id);
  const name = usePersonName(message.sender_id);
  const by = usePersonName(pinned_by);
  return (
    <li className="rounded-xl border bg-raised p-3">
      <div className="mb-1 flex items-center gap-2 text-sm">
        <Avatar id={message.sender_id} name={person?.display_name ?? name} picture={person?.avatar} size="small" />
        <span dir="auto" className="min-w-0 truncate font-semibold">
          {name}
        </span>
        <span className="text-soft text-xs">{shortTime(message.created_at)}</span>
      </div>
      <div className="max-h-48 overflow-hidden text-sm">
        <Body message={message} />
      </div>
      <div className="mt-2 flex items-center gap-2">
        <span dir="auto" className="min-w-0 flex-1 truncate text-soft text-xs">
          Pinned by {by}
        </span>
        {rights.pin && (
          <Button look="ghost" size="icon-small" aria-label="Unpin" onClick={() => void pin(message, false)}>
            <PinOff />
          </Button>
        )}
        <Button
          look="plain"
          size="small"
          onClick={() => {
            if (window.innerWidth < 1024) close();
            jump(message.seq);
          }}
        >
          Show
        </Button>
      </div>
    </li>
  );
}
