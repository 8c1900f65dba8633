import { CornerUpRight } from "lucide-react";
import { useModel, usePersonName } from "@/client/hooks";
import { messageLine } from "@/model/naming";
import { useTalk } from "../talk";
import { useMessage } from "./use-message";

/** What a message answers, in one line that leads there. */
export function Quote({ conversation, id }: { conversation: string; id: string }) {
  const { thread, jump } = useTalk();
  const message = useMessage(conversation, id, thread);
  const name = usePersonName(message?.sender_id);
  const line = useModel((model) => (message ? messageLine(model, message) : ""));
  const look = "mb-0.5 flex max-w-full items-center gap-1.5 rounded text-soft text-[13px]";
  if (message === undefined) return <p className={look}>…</p>;
  if (message === null || message.deleted_at) {
    return (
      <p className={look}>
        <CornerUpRight className="size-3.5 shrink-0" aria-hidden />
        <span className="italic">A message that was deleted</span>
      </p>
    );
  }
  return (
    <button type="button" className={`${look} hover:text-text`} onClick={() => jump(message.seq)}>
      <CornerUpRight className="size-3.5 shrink-0" aria-hidden />
      <span className="sr-only">Answers </span>
      <span dir="auto" className="shrink-0 font-medium">
        {name}
      </span>
      <span dir="auto" className="truncate">
        {line}
      </span>
    </button>
  );
}
