import { memo, type ReactNode, useRef, useState } from "react";
import type { Message as Data } from "@/api/types";
import { CallLine } from "@/call/note";
import { usePerson, usePersonName } from "@/client/hooks";
import { Attachments } from "@/files/attach/attachments";
import { cn } from "@/lib/cn";
import { clockTime, fullTime } from "@/lib/time";
import { openOverlay } from "@/shell/overlays";
import { Avatar } from "@/ui/avatar";
import { Confirm } from "@/ui/confirm";
import { remove } from "../acts";
import { Actions } from "./actions";
import { Body } from "./body";
import { Edited } from "./history";
import { Quote } from "./quote";
import { Reactions } from "./reactions";
import { ThreadLine } from "./thread-line";

interface Props {
  message: Data;
  grouped: boolean;
  /** It was jumped to just now. */
  marked?: boolean;
  /** It mentions the reader. */
  mention: boolean;
  pinned: boolean;
  /** It is being written anew in the box. */
  editing?: boolean;
}

const LONG_PRESS = 450;

/** One message: who and when, what it says, and what is under it. It asks nothing of the conversation, which changes with each event. */
export const Message = memo(function Message({ message, grouped, marked, mention, pinned, editing }: Props) {
  const [pointed, setPointed] = useState(false);
  const [menu, setMenu] = useState(false);
  // Asked outside of the message, where it is no longer pointed at: what is asked must not go with that.
  const [deleting, setDeleting] = useState(false);
  const press = useLongPress(() => setMenu(true));
  const root = useRef<HTMLDivElement>(null);
  const gone = message.deleted_at != null;
  /** What opened the question is gone: whoever came by keys goes on from the message. */
  function answered() {
    setDeleting(false);
    const row = root.current?.closest<HTMLElement>("[data-index]");
    setTimeout(() => row?.focus({ preventScroll: true }), 50);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what shows on pointing is reached by the row's focus too
    <div
      ref={root}
      className={cn(
        "group/message relative px-4 transition-colors duration-700 hover:bg-hover/50 hover:duration-0",
        grouped ? "py-0.5" : "pt-2 pb-0.5",
        mention && "bg-mention/40 hover:bg-mention/60",
        editing && "bg-selected/60",
        marked && "bg-mention duration-0",
        menu && "bg-hover/50",
      )}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setPointed(true)}
      onBlur={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && setPointed(false)}
      {...(gone ? {} : press)}
    >
      <Framed sender={message.sender_id} moment={message.created_at} grouped={grouped} pinned={pinned}>
        {message.reply_to && !gone && <Quote conversation={message.conversation_id} id={message.reply_to} />}
        {gone ? (
          <p className="text-soft italic">This message was deleted.</p>
        ) : (
          message.text !== "" && <Body message={message} />
        )}
        {message.call && <CallLine message={message} note={message.call} />}
        {!gone && message.attachments && message.attachments.length > 0 && (
          <Attachments attachments={message.attachments} />
        )}
        {!gone && message.edited_at && <Edited message={message} />}
        {!gone && <Reactions message={message} />}
        <ThreadLine message={message} />
      </Framed>
      {!gone && (pointed || menu) && (
        <Actions message={message} pinned={pinned} menu={menu} setMenu={setMenu} setDeleting={setDeleting} />
      )}
      {deleting && (
        <Confirm title="Delete this message?" action="Delete" danger run={() => remove(message)} close={answered}>
          It goes for everybody, and cannot be brought back.
        </Confirm>
      )}
    </div>
  );
});

interface FramedProps {
  sender: string;
  moment: string;
  grouped: boolean;
  pinned?: boolean;
  children: ReactNode;
}

/** What somebody wrote, beside their picture and below their name; under their last one where it follows it. */
export function Framed({ sender, moment, grouped, pinned, children }: FramedProps) {
  const name = usePersonName(sender);
  const person = usePerson(sender);
  return (
    <div className="flex gap-3">
      <div className="w-9 shrink-0">
        {grouped ? (
          <time
            dateTime={moment}
            title={fullTime(moment)}
            className="block whitespace-nowrap pt-1 text-right text-[11px] text-soft tabular-nums leading-4 opacity-0 group-focus-within/message:opacity-100 group-hover/message:opacity-100"
          >
            {clockTime(moment).replace(/\s?[AP]M$/i, "")}
          </time>
        ) : (
          <button
            type="button"
            tabIndex={-1}
            aria-hidden
            className="mt-0.5 rounded-full"
            onClick={() => openOverlay({ kind: "person", id: sender })}
          >
            <Avatar id={sender} name={person?.display_name ?? name} picture={person?.avatar} />
          </button>
        )}
      </div>
      <div className="min-w-0 flex-1">
        {!grouped && (
          <div className="flex items-baseline gap-2">
            <button
              type="button"
              dir="auto"
              tabIndex={-1}
              className="truncate font-semibold hover:underline"
              onClick={() => openOverlay({ kind: "person", id: sender })}
            >
              {name}
            </button>
            {person?.bot && <span className="rounded bg-muted px-1 font-medium text-[10px] text-soft">BOT</span>}
            <time dateTime={moment} title={fullTime(moment)} className="shrink-0 text-soft text-xs tabular-nums">
              {clockTime(moment)}
            </time>
            {pinned && <span className="shrink-0 text-soft text-xs">📌 Pinned</span>}
          </div>
        )}
        {children}
      </div>
    </div>
  );
}

/** A finger that rests on something. */
function useLongPress(act: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown({ pointerType }: { pointerType: string }) {
      if (pointerType === "touch") timer.current = setTimeout(act, LONG_PRESS);
    },
    onPointerUp: stop,
    onPointerMove: stop,
    onPointerCancel: stop,
  };
}
