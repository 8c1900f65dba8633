/** Chooses among one's files. */
import { ChevronLeft } from "lucide-react";
import { useDeferredValue, useState } from "react";
import type { Item } from "@/api/types";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SearchField } from "@/ui/search-field";
import { Failed, Loading } from "@/ui/states";
import { may } from "../offers";
import { useItem, useListing } from "../queries";
import { Thumb } from "../thumb";
import { NO_FILTERS, type View } from "../view";
import { count, sizeOf } from "../words";

interface Props {
  pick: (items: readonly Item[]) => void;
  close: () => void;
}

const NEWEST = { by: "modified", desc: true } as const;

export default function PickFiles({ pick, close }: Props) {
  const [folder, setFolder] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<readonly Item[]>([]);
  const query = useDeferredValue(text.trim());
  const view: View = query !== "" ? { kind: "search", query, filters: NO_FILTERS } : { kind: "folder", id: folder };
  const listing = useListing(view, NEWEST);
  const here = useItem(folder);
  // Whoever attaches something lets others see it.
  const items = listing.items.filter((item) => item.kind === "folder" || may(item.level, "manager"));

  function toggle(item: Item) {
    const known = chosen.some(({ id }) => id === item.id);
    setChosen(known ? chosen.filter(({ id }) => id !== item.id) : [...chosen, item]);
  }

  return (
    <Dialog open onOpenChange={close} title="Attach from my files" className="sm:max-w-lg">
      <div className="flex flex-col gap-3">
        <SearchField label="Search files" value={text} onChange={({ target }) => setText(target.value)} />
        {folder !== null && query === "" && (
          <Button
            look="ghost"
            size="small"
            className="self-start"
            onClick={() => setFolder(here.data?.item.parent_id ?? null)}
          >
            <ChevronLeft className="size-4" />
            <span dir="auto">{here.data?.item.name ?? "Back"}</span>
          </Button>
        )}
        <ul aria-label="Files" className="h-[min(20rem,45dvh)] overflow-y-auto rounded-lg border p-1">
          {listing.isPending && <Loading />}
          {listing.isError && <Failed error={listing.error} />}
          {items.map((item) => (
            <Row
              key={item.id}
              item={item}
              chosen={chosen.some(({ id }) => id === item.id)}
              act={() => {
                if (item.kind === "file") return toggle(item);
                setText("");
                setFolder(item.id);
              }}
            />
          ))}
          {listing.isSuccess && items.length === 0 && (
            <li className="p-6 text-center text-soft text-sm">
              {query === "" ? "There are no files here." : "No file of yours is called so."}
            </li>
          )}
          {listing.hasNextPage && (
            <li className="flex justify-center p-2">
              <Button look="plain" size="small" onClick={() => void listing.fetchNextPage()}>
                Show more
              </Button>
            </li>
          )}
        </ul>
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button
            disabled={chosen.length === 0}
            onClick={() => {
              pick(chosen);
              close();
            }}
          >
            {chosen.length === 0 ? "Attach" : `Attach ${count(chosen.length, "file", "files")}`}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Row({ item, chosen, act }: { item: Item; chosen: boolean; act: () => void }) {
  return (
    <li>
      <button
        type="button"
        aria-pressed={item.kind === "file" ? chosen : undefined}
        onClick={act}
        className={cn(
          "flex w-full items-center gap-3 rounded-md px-2 py-1.5 text-left text-sm hover:bg-hover",
          chosen && "bg-selected hover:bg-selected",
        )}
      >
        <Thumb item={item} />
        <span dir="auto" className="min-w-0 flex-1 truncate">
          {item.name}
        </span>
        {item.kind === "file" && <span className="shrink-0 text-soft text-xs">{sizeOf(item.size)}</span>}
      </button>
    </li>
  );
}
