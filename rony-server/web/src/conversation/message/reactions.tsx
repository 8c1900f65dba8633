import { SmilePlus } from "lucide-react";
import { useEffect, useState } from "react";
import type { Message } from "@/api/types";
import { useClient, useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { personName } from "@/model/naming";
import { Tooltip } from "@/ui/tooltip";
import { react } from "../acts";
import { PickEmoji } from "../emoji/pick";
import { used } from "../emoji/recent";
import { useTalk } from "../talk";

/** The emoji under a message, with how many and who. */
export function Reactions({ message }: { message: Message }) {
  return message.reactions?.length ? <Given message={message} /> : null;
}

function Given({ message }: { message: Message }) {
  const { rights } = useTalk();
  const [picking, setPicking] = useState(false);
  return (
    <div className="mt-1 flex flex-wrap gap-1 pb-0.5">
      {message.reactions?.map(({ emoji, user_ids }) => (
        <One key={emoji} message={message} emoji={emoji} users={user_ids} enabled={rights.write} />
      ))}
      {rights.write && (
        <PickEmoji
          open={picking}
          onOpenChange={setPicking}
          pick={(emoji) => {
            used(emoji);
            void react(message, emoji, true);
          }}
        >
          <button
            type="button"
            aria-label="Add a reaction"
            className="flex h-6 items-center rounded-full border border-transparent px-1.5 text-soft hover:border-border hover:bg-hover hover:text-text"
          >
            <SmilePlus className="size-4" aria-hidden />
          </button>
        </PickEmoji>
      )}
    </div>
  );
}

interface OneProps {
  message: Message;
  emoji: string;
  users: readonly string[];
  enabled: boolean;
}

function One({ message, emoji, users, enabled }: OneProps) {
  const client = useClient();
  const own = useModel((model) => users.includes(model.me.id));
  useEffect(() => {
    for (const id of users.slice(0, 8)) client.needPerson(id);
  }, [client, users]);
  const who = useModel((model) => {
    const names = users.slice(0, 8).map((id) => (id === model.me.id ? "You" : personName(model, id)));
    return names.join(", ") + (users.length > 8 ? ` and ${users.length - 8} more` : "");
  });
  return (
    <Tooltip label={`${who} reacted with ${emoji}`} side="top">
      <button
        type="button"
        disabled={!enabled}
        aria-pressed={own}
        aria-label={`${emoji} ${users.length}: ${who}`}
        onClick={() => void react(message, emoji, !own)}
        className={cn(
          "flex h-6 items-center gap-1 rounded-full border px-2 text-[13px] tabular-nums",
          own ? "border-accent bg-selected font-medium text-link" : "bg-muted hover:bg-hover",
        )}
      >
        <span aria-hidden>{emoji}</span>
        {users.length}
      </button>
    </Tooltip>
  );
}
