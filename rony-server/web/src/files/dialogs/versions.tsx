import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, RotateCcw, Trash2 } from "lucide-react";
import { toast } from "sonner";
import type { Item, Version } from "@/api/types";
import { usePersonName } from "@/client/hooks";
import { attempt } from "@/conversation/acts";
import { fullTime, shortTime } from "@/lib/time";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Rows } from "@/ui/parts";
import { Failed, Loading } from "@/ui/states";
import { contentUrl, useDoor } from "../door";
import { may } from "../offers";
import { refreshFiles } from "../queries";
import { sizeOf } from "../words";

/** How a file was before: each of its versions can be looked at, and brought back. */
export default function VersionsDialog({ item, close }: { item: Item; close: () => void }) {
  const door = useDoor();
  const queries = useQueryClient();
  const found = useQuery({
    queryKey: ["files", "versions", item.id],
    queryFn: () => door.versions(item.id),
    staleTime: 0,
  });

  async function restore({ version }: Version) {
    if (!(await attempt(door.restoreVersion(item.id, version)))) return;
    toast.success("That version is the newest one now.");
    await refreshFiles(queries);
  }

  async function remove({ version }: Version) {
    if (await attempt(door.deleteVersion(item.id, version))) await refreshFiles(queries);
  }

  return (
    <Dialog
      open
      onOpenChange={close}
      title="Versions"
      description={
        <>
          When <span dir="auto">“{item.name}”</span> is replaced, what it was before is kept for a while.
        </>
      }
      className="sm:max-w-lg"
    >
      {found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Rows label="Versions">
          {[...found.data]
            .sort((a, b) => b.version - a.version)
            .map((version) => (
              <Row
                key={version.version}
                item={item}
                version={version}
                restore={may(item.level, "editor") ? () => void restore(version) : undefined}
                remove={may(item.level, "manager") ? () => void remove(version) : undefined}
              />
            ))}
        </Rows>
      )}
    </Dialog>
  );
}

interface RowProps {
  item: Item;
  version: Version;
  restore?: () => void;
  remove?: () => void;
}

function Row({ item, version: { version, current, created_at, created_by, size }, restore, remove }: RowProps) {
  const name = usePersonName(created_by);
  return (
    <li className="flex items-center gap-1 py-2.5 pr-2 pl-4">
      <div className="min-w-0 flex-1">
        <p className="text-sm">
          <span className="font-medium">Version {version}</span>
          {current && <span className="ml-2 rounded bg-selected px-1.5 py-0.5 text-link text-xs">now</span>}
        </p>
        <p className="truncate text-soft text-xs">
          <time dateTime={created_at} title={fullTime(created_at)}>
            {shortTime(created_at)}
          </time>{" "}
          · {sizeOf(size)} · <span dir="auto">{name}</span>
        </p>
      </div>
      <Button look="ghost" size="icon" aria-label={`Download version ${version}`} asChild>
        <a href={contentUrl(item.id, { version, download: true })} download={item.name}>
          <Download />
        </a>
      </Button>
      {!current && restore && (
        <Button look="ghost" size="icon" aria-label={`Restore version ${version}`} onClick={restore}>
          <RotateCcw />
        </Button>
      )}
      {!current && remove && (
        <Button look="ghost" size="icon" aria-label={`Delete version ${version}`} onClick={remove}>
          <Trash2 />
        </Button>
      )}
    </li>
  );
}
