import { ChevronRight } from "lucide-react";
import type { Message } from "@/api/types";
import { ago } from "@/lib/time";
import { useTalk } from "../talk";

/** How many replies hang under a message; leads to them. */
export function ThreadLine({ message }: { message: Message }) {
  return message.thread ? <Line message={message} replies={message.thread} /> : null;
}

function Line({ message, replies }: { message: Message; replies: NonNullable<Message["thread"]> }) {
  const { thread, openThread } = useTalk();
  if (thread) return null;
  const { newest_ordinal: count, last_reply_at } = replies;
  return (
    <button
      type="button"
      onClick={() => openThread(message)}
      className="group/thread -ml-1.5 mt-1 mb-0.5 flex items-center gap-2 rounded-md border border-transparent px-1.5 py-0.5 text-[13px] hover:border-border hover:bg-raised"
    >
      <span className="font-medium text-link">{count === 1 ? "1 reply" : `${count} replies`}</span>
      <span className="text-soft">{ago(last_reply_at)}</span>
      <ChevronRight className="size-3.5 text-soft" aria-hidden />
    </button>
  );
}
