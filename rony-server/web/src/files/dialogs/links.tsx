/** Links by which people without an account come to a file or folder. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, Link2, LockKeyhole } from "lucide-react";
import { useId, useState } from "react";
import { toast } from "sonner";
import type { Item, LinkLevel, Share } from "@/api/types";
import { attempt } from "@/conversation/acts";
import { cn } from "@/lib/cn";
import { ago, isAhead, shortDate, shortTime, until } from "@/lib/time";
import { program } from "@/settings/user-agent";
import { CopyLink } from "@/shell/copy-link";
import { Button } from "@/ui/button";
import { Rows } from "@/ui/parts";
import { useDoor } from "../door";
import { refreshFiles } from "../queries";
import { count } from "../words";
import { NewLink } from "./new-link";

const LEVEL_WORDS: Record<LinkLevel, string> = {
  viewer: "To view",
  editor: "To edit",
  drop: "To put files in",
};

export function Links({ item }: { item: Item }) {
  const door = useDoor();
  const queries = useQueryClient();
  const id = useId();
  const [making, setMaking] = useState(false);
  const [url, setUrl] = useState<string | null>(null);
  const found = useQuery({ queryKey: ["files", "shares", item.id], queryFn: () => door.shares(item.id), staleTime: 0 });
  const shares = found.data ?? [];

  async function end(share: Share) {
    if (!(await attempt(door.endShare(share.id)))) return;
    setUrl(null);
    toast.success("The link does not work any more.");
    await refreshFiles(queries);
  }

  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-3">
        <h3 id={id} className="font-semibold text-sm">
          Links
        </h3>
        {!making && (
          <Button look="plain" size="small" onClick={() => setMaking(true)}>
            <Link2 className="size-4" />
            Make a link
          </Button>
        )}
      </div>
      {!making && shares.length === 0 && url === null && (
        <p className="text-soft text-sm">Whoever has a link comes in without an account.</p>
      )}
      {making && (
        <NewLink
          item={item}
          made={(made) => {
            setUrl(made);
            setMaking(false);
            void refreshFiles(queries);
          }}
          cancel={() => setMaking(false)}
        />
      )}
      {url !== null && (
        <div className="rounded-xl border border-accent bg-selected/40 p-3">
          <CopyLink label="Your link" link={url} hint="Copy it now: it is shown only here." />
        </div>
      )}
      {shares.length > 0 && (
        <Rows label="Links">
          {shares.map((share) => (
            <Row key={share.id} share={share} end={() => void end(share)} />
          ))}
        </Rows>
      )}
    </section>
  );
}

function Row({ share, end }: { share: Share; end: () => void }) {
  const [open, setOpen] = useState(false);
  const over =
    (share.expires_at !== null && share.expires_at !== undefined && !isAhead(share.expires_at)) || usedUp(share);
  const name = share.name || LEVEL_WORDS[share.level];
  return (
    <li className="flex flex-col px-3 py-2.5">
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <p className={cn("flex items-center gap-1.5 font-medium text-sm", over && "text-soft")}>
            <span dir="auto" className="truncate">
              {name}
            </span>
            {share.has_password && (
              <>
                <LockKeyhole className="size-3.5 shrink-0 text-soft" aria-hidden />
                <span className="sr-only">with a password</span>
              </>
            )}
          </p>
          <p className="text-soft text-xs">
            {[share.name && LEVEL_WORDS[share.level], lasts(share), loads(share)].filter(Boolean).join(" · ")}
          </p>
          {share.log_openings ? (
            <button
              type="button"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
              className="mt-0.5 flex items-center gap-1 rounded text-link text-xs hover:underline"
            >
              {opened(share)}
              <ChevronDown className={cn("size-3.5", open && "rotate-180")} aria-hidden />
            </button>
          ) : (
            <p className="mt-0.5 text-soft text-xs">{opened(share)}</p>
          )}
        </div>
        <Button look="ghost" size="small" aria-label={`End the link ${name}`} onClick={end}>
          {over ? "Remove" : "End"}
        </Button>
      </div>
      {open && <Openings share={share} />}
    </li>
  );
}

/** When it was opened, and from where, about. */
function Openings({ share }: { share: Share }) {
  const door = useDoor();
  const found = useQuery({
    queryKey: ["files", "openings", share.id],
    queryFn: () => door.openings(share.id),
    staleTime: 0,
  });
  if (found.data === undefined) return null;
  if (found.data.length === 0) return <p className="mt-2 text-soft text-xs">Nobody has opened it yet.</p>;
  return (
    <ul aria-label="Openings" className="mt-2 max-h-40 overflow-y-auto border-t pt-2 text-xs">
      {found.data.map((opening) => (
        <li key={opening.at} className="flex justify-between gap-3 py-0.5 text-soft">
          <span>{shortTime(opening.at)}</span>
          <span className="min-w-0 flex-1 truncate">{program(opening.user_agent)}</span>
          <span className="tabular-nums">{opening.address}</span>
        </li>
      ))}
    </ul>
  );
}

function usedUp({ max_downloads, downloads }: Share): boolean {
  return max_downloads !== null && max_downloads !== undefined && downloads >= max_downloads;
}

function lasts(share: Share): string {
  if (usedUp(share)) return "used up";
  if (!share.expires_at) return "until you end it";
  return isAhead(share.expires_at) ? until(share.expires_at) : `ended ${shortDate(share.expires_at)}`;
}

function loads({ max_downloads, downloads }: Share): string {
  if (max_downloads) return `${downloads} of ${count(max_downloads, "download", "downloads")}`;
  return downloads > 0 ? count(downloads, "download", "downloads") : "";
}

function opened({ opened, last_opened_at }: Share): string {
  if (opened === 0) return "Not opened yet";
  const times = `Opened ${count(opened, "time", "times")}`;
  if (!last_opened_at) return times;
  return `${times}, ${opened > 1 ? "last time " : ""}${ago(last_opened_at)}`;
}
