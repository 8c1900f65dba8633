/** What goes with the message that is being written, above the box. */
import { CircleAlert, RotateCw, X } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { thumbnailUrl } from "../door";
import { iconOf, kindOf, sizeOf } from "../words";
import type { Attached, Attaching } from "./use-attaching";

export function Chips({ attaching, waiting, stay }: { attaching: Attaching; waiting: boolean; stay: () => void }) {
  if (attaching.all.length === 0) return null;
  return (
    <div className="border-b p-2">
      <ul aria-label="Files that go with the message" className="flex flex-wrap gap-2">
        {attaching.all.map((attached) => (
          <Chip
            key={attached.key}
            attached={attached}
            remove={() => attaching.remove(attached.key)}
            retry={() => attaching.retry(attached.key)}
          />
        ))}
      </ul>
      {waiting && (
        <p role="status" className="mt-2 flex items-center gap-3 px-1 text-soft text-sm">
          It is sent when the files are there.
          <Button look="link" size="inline" onClick={stay}>
            Do not send yet
          </Button>
        </p>
      )}
    </div>
  );
}

interface ChipProps {
  attached: Attached;
  remove: () => void;
  retry: () => void;
}

function Chip({ attached, remove, retry }: ChipProps) {
  const { name, size, entry } = attached;
  const failed = entry?.state === "failed";
  const percent = !entry || entry.state === "done" ? 100 : size === 0 ? 0 : Math.floor((entry.sent * 100) / size);
  return (
    <li
      className={cn(
        "relative flex h-12 w-60 max-w-full items-center gap-2.5 overflow-hidden rounded-lg border bg-raised pr-1 pl-1.5",
        failed && "border-danger",
      )}
    >
      <Face attached={attached} />
      <span className="min-w-0 flex-1">
        <span dir="auto" title={name} className="block truncate text-[13px] leading-4">
          {name}
        </span>
        <span className={cn("block truncate text-xs", failed ? "text-danger" : "text-soft")} title={entry?.error}>
          {failed ? entry.error : said(attached, percent)}
        </span>
      </span>
      {failed && (
        <Button look="ghost" size="icon-small" aria-label={`Try ${name} again`} onClick={retry}>
          <RotateCw />
        </Button>
      )}
      <Button look="ghost" size="icon-small" aria-label={`Remove ${name}`} onClick={remove}>
        <X />
      </Button>
      {percent < 100 && !failed && (
        <span
          role="progressbar"
          aria-label={name}
          aria-valuenow={percent}
          className="absolute inset-x-0 bottom-0 h-1 bg-strong/20"
        >
          <span className="block h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
        </span>
      )}
    </li>
  );
}

function said({ size, entry }: Attached, percent: number): string {
  if (entry?.state === "away") return "Goes on when the connection is back";
  return percent < 100 ? `${percent} % of ${sizeOf(size)}` : sizeOf(size);
}

/** A picture that is not on the server yet is shown from this device. */
function Face({ attached }: { attached: Attached }) {
  const { entry, item } = attached;
  const [url, setUrl] = useState<string>();
  const picture = kindOf(attached) === "image";
  const [file] = useState(entry?.file);
  useEffect(() => {
    if (!picture || !file) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture, file]);
  const Icon = entry?.state === "failed" ? CircleAlert : iconOf(attached);
  const shown = url ?? (item?.preview === "ready" ? thumbnailUrl(item.id, "small", item.version) : undefined);
  if (shown) return <img src={shown} alt="" className="size-9 shrink-0 rounded-md object-cover" />;
  return (
    <span className="flex size-9 shrink-0 items-center justify-center rounded-md bg-muted text-soft" aria-hidden>
      <Icon className="size-5" />
    </span>
  );
}
