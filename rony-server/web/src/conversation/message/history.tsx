import { useQuery } from "@tanstack/react-query";
import { Popover } from "radix-ui";
import { useState } from "react";
import { api, call, explain } from "@/api/client";
import type { Message } from "@/api/types";
import { useModel } from "@/client/hooks";
import { ago, fullTime } from "@/lib/time";
import { Loading } from "@/ui/states";
import { useTalk } from "../talk";

/** That a message was changed; for its author and for admins with what it said before. */
export function Edited({ message }: { message: Message }) {
  const { rights } = useTalk();
  const own = useModel((model) => model.me.id === message.sender_id);
  const [open, setOpen] = useState(false);
  const when = message.edited_at ? fullTime(message.edited_at) : "";
  if (!own && !rights.moderate) {
    return (
      <span className="text-soft text-xs" title={when}>
        (edited)
      </span>
    );
  }
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className="rounded text-soft text-xs hover:underline"
        title={when}
        aria-label="Edited. Show earlier versions"
      >
        (edited)
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Earlier versions"
          className="z-50 max-h-80 w-80 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-xl border bg-raised p-3 shadow-lg"
        >
          <Versions message={message} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Versions({ message: { conversation_id: id, id: message_id, version } }: { message: Message }) {
  const versions = useQuery({
    queryKey: ["versions", message_id, version],
    queryFn: () =>
      call(api.GET("/conversations/{id}/messages/{message_id}/versions", { params: { path: { id, message_id } } })),
  });
  if (versions.isPending) return <Loading />;
  if (versions.isError) return <p className="text-danger text-sm">{explain(versions.error)}</p>;
  return (
    <ol className="flex flex-col gap-3">
      {versions.data.items.map((old) => (
        <li key={old.version}>
          <p className="text-soft text-xs" title={fullTime(old.replaced_at)}>
            Until {ago(old.replaced_at)}
          </p>
          <p dir="auto" className="whitespace-pre-wrap break-words text-sm">
            {old.text}
          </p>
        </li>
      ))}
    </ol>
  );
}
