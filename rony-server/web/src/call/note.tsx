/** A missed call, as it stands in the conversation. */
import { PhoneMissed } from "lucide-react";
import type { CallNote, Message } from "@/api/types";
import { useModel, usePersonName } from "@/client/hooks";
import { messageLine } from "@/model/naming";
import { Button } from "@/ui/button";
import { useCalls, useDesk } from "./hooks";

export function CallLine({ message, note }: { message: Message; note: CallNote }) {
  const desk = useDesk();
  const { calls } = useCalls();
  const words = useModel((model) => messageLine(model, message));
  usePersonName(note.missed[0]);
  const mine = useModel((model) => note.missed.includes(model.me.id));
  const busy = desk === null || calls.some((call) => call.conversation === message.conversation_id);
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="flex items-center gap-2">
        <PhoneMissed className="size-4 shrink-0 text-danger" aria-hidden />
        <span dir="auto">{words}</span>
      </span>
      {mine && (
        <Button
          look="link"
          size="inline"
          disabled={busy}
          onClick={() => desk?.start(message.conversation_id, note.video)}
        >
          Call back
        </Button>
      )}
    </p>
  );
}
