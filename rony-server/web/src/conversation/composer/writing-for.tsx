import { Pencil, Reply, X } from "lucide-react";
import { usePersonName } from "@/client/hooks";
import { saidLine } from "@/model/naming";
import { Button } from "@/ui/button";
import type { Writing } from "../talk";

interface Props {
  writing: NonNullable<Writing>;
  cancel: () => void;
}

/** What the box is for at the moment: an answer, or a change. */
export function WritingFor({ writing: { kind, message }, cancel }: Props) {
  const name = usePersonName(message.sender_id);
  return (
    <div className="flex items-center gap-2 border-b py-1 pr-1.5 pl-3 text-[13px]">
      {kind === "edit" ? (
        <Pencil className="size-3.5 shrink-0 text-soft" aria-hidden />
      ) : (
        <Reply className="size-3.5 shrink-0 text-soft" aria-hidden />
      )}
      <span className="shrink-0 font-medium">{kind === "edit" ? "Change your message" : `Reply to ${name}`}</span>
      <span dir="auto" className="min-w-0 flex-1 truncate text-soft">
        {saidLine(message)}
      </span>
      <Button look="ghost" size="icon-small" aria-label="Cancel" onClick={cancel}>
        <X />
      </Button>
    </div>
  );
}
