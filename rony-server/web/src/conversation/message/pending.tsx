import { CircleAlert, Clock } from "lucide-react";
import { useMemo } from "react";
import { useClient, useClientState } from "@/client/hooks";
import type { Pending as Data } from "@/client/outbox";
import { Attachments } from "@/files/attach/attachments";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { toHtml } from "./markdown";
import { Framed } from "./message";
import { Quote } from "./quote";

/** One's own message on its way, or one that the server did not take. */
export function Pending({ pending, grouped }: { pending: Data; grouped: boolean }) {
  const client = useClient();
  const offline = useClientState(({ connection }) => connection !== "live");
  const html = useMemo(() => toHtml(pending.text, () => null), [pending.text]);
  return (
    <div className={cn("group/message relative px-4", grouped ? "py-0.5" : "pt-2 pb-0.5")}>
      <Framed sender={pending.user_id} moment={pending.created_at} grouped={grouped}>
        {pending.reply_to && <Quote conversation={pending.conversation_id} id={pending.reply_to} />}
        {pending.text !== "" && (
          <div
            dir="auto"
            className={cn("message-body", !pending.failed && "text-text/80")}
            // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitized by `toHtml`
            dangerouslySetInnerHTML={{ __html: html }}
          />
        )}
        {pending.attachments && pending.attachments.length > 0 && <Attachments attachments={pending.attachments} />}
        {pending.failed ? (
          <div role="alert" className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px]">
            <span className="flex items-center gap-1.5 text-danger">
              <CircleAlert className="size-4 shrink-0" aria-hidden />
              Not sent: {pending.failed}
            </span>
            <Button look="link" size="inline" onClick={() => void client.resend(pending)}>
              Try again
            </Button>
            <Button look="link" size="inline" onClick={() => void client.discard(pending)}>
              Discard
            </Button>
          </div>
        ) : (
          offline &&
          !pending.sent && (
            <p className="mt-0.5 flex items-center gap-1.5 text-soft text-xs">
              <Clock className="size-3.5" aria-hidden />
              Is sent when the connection is back
            </p>
          )
        )}
      </Framed>
    </div>
  );
}
