import { BellOff } from "lucide-react";
import { memo } from "react";
import { Link } from "wouter";
import type { ConversationView } from "@/api/types";
import { useModel, usePerson, usePersonName } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { places } from "@/lib/navigate";
import { fullTime, shortTime } from "@/lib/time";
import { messageLine, plainLine, useConversationTitle } from "@/model/naming";
import { Avatar, PresenceDot } from "@/ui/avatar";
import { Badge } from "@/ui/badge";
import { useAhead } from "./ahead";
import { calls, isMuted, isUnread } from "./order";
import { RowMenu } from "./row-menu";

interface Props {
  view: ConversationView;
  /** It is the one that is open. */
  here: boolean;
  /** The Tab key stops here. */
  stop: boolean;
  focused: (id: string) => void;
  chosen: () => void;
}

/** One conversation in the list: what is in its row. */
export const Row = memo(function Row({ view, here, stop, focused, chosen }: Props) {
  const title = useConversationTitle(view);
  const unread = isUnread(view) && !here;
  const last = view.last_message;
  const ahead = useAhead(view.id);
  return (
    <>
      <Link
        data-row={view.id}
        href={places.conversation(view.id)}
        tabIndex={stop ? 0 : -1}
        aria-current={here ? "page" : undefined}
        {...ahead}
        onFocus={() => {
          ahead.onFocus();
          focused(view.id);
        }}
        onClick={chosen}
        className={cn(
          "flex h-14 items-center gap-3 rounded-xl px-2 outline-offset-[-2px]",
          here ? "bg-selected" : "hover:bg-hover",
        )}
      >
        <Picture view={view} title={title} here={here} />
        <span className="flex min-w-0 flex-1 flex-col gap-0.5">
          <span className="flex items-baseline gap-2">
            <span
              dir="auto"
              className={cn("min-w-0 flex-1 truncate text-left text-sm", unread ? "font-semibold" : "font-medium")}
            >
              {title}
            </span>
            {isMuted(view) && (
              <span className="self-center text-soft">
                <BellOff className="size-3.5" aria-hidden />
                <span className="sr-only">muted</span>
              </span>
            )}
            {last && (
              <time
                dateTime={last.created_at}
                title={fullTime(last.created_at)}
                className="shrink-0 text-soft text-xs group-focus-within/row:invisible group-hover/row:invisible"
              >
                {shortTime(last.created_at)}
              </time>
            )}
          </span>
          <span className="flex h-5 items-center gap-2">
            <span className={cn("min-w-0 flex-1 truncate text-[13px]", unread ? "text-text" : "text-soft")}>
              <Preview view={view} here={here} />
            </span>
            <Counts view={view} />
          </span>
        </span>
      </Link>
      <RowMenu view={view} title={title} stop={stop} />
    </>
  );
});

function Picture({ view, title, here }: { view: ConversationView; title: string; here: boolean }) {
  const peer = usePerson(view.peer_id);
  const me = useModel((model) => model.me);
  const direct = view.kind === "direct";
  const person = direct ? (peer ?? (view.peer_id ? undefined : me)) : undefined;
  return (
    <span className="relative">
      <Avatar
        id={person?.id ?? view.id}
        name={title}
        picture={person?.avatar}
        icon={view.icon || undefined}
        square={!direct}
      />
      {view.peer_id && (
        <PresenceDot
          user={view.peer_id}
          className={cn("-right-0.5 -bottom-0.5 absolute ring-2", here ? "ring-selected" : "ring-sidebar")}
        />
      )}
    </span>
  );
}

function Preview({ view, here }: { view: ConversationView; here: boolean }) {
  const typing = useModel((model) => model.typing.get(view.id)?.[0]);
  const draft = useModel((model) => model.drafts.get(view.id));
  const typist = usePersonName(typing);
  if (typing)
    return <span className="text-good">{view.kind === "direct" ? "is typing…" : `${typist} is typing…`}</span>;
  if (draft && !here) {
    return (
      <>
        <span className="text-link">Draft: </span>
        <span dir="auto">{plainLine(draft)}</span>
      </>
    );
  }
  return <LastMessage view={view} />;
}

function LastMessage({ view }: { view: ConversationView }) {
  const me = useModel((model) => model.me.id);
  const last = view.last_message;
  const text = useModel((model) => (!last ? "" : last.deleted_at ? "Message deleted" : messageLine(model, last)));
  const sender = usePersonName(last && view.kind === "group" && last.sender_id !== me ? last.sender_id : null);
  usePersonName(last?.call?.missed[0]);
  if (!last) return <span>{view.topic || "Nothing written yet"}</span>;
  // Who called is part of what is said of a missed call.
  const who = last.call
    ? ""
    : last.sender_id === me
      ? "You: "
      : view.kind === "group"
        ? `${sender.split(" ")[0]}: `
        : "";
  return (
    <span dir="auto" className={cn(last.deleted_at && "italic")}>
      {who}
      {text}
    </span>
  );
}

function Counts({ view }: { view: ConversationView }) {
  if (view.unread === 0) return null;
  const muted = isMuted(view) || view.level === "nothing";
  const strong = calls(view) > 0;
  const mentioned = strong && view.kind === "group" && view.mentions > 0;
  return (
    <span className="flex items-center gap-1">
      {mentioned && (
        <span className="font-semibold text-link text-sm">
          <span aria-hidden>@</span>
          <span className="sr-only">{view.mentions} mention you, </span>
        </span>
      )}
      <Badge count={view.unread} of="unread" look={strong && !muted ? "strong" : "quiet"} />
    </span>
  );
}
