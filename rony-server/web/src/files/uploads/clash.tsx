import { useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import type { Entry } from "./uploads";

interface Props {
  entry: Entry;
  /** More may ask the same. */
  others: boolean;
  answer: (what: "replace" | "rename" | "skip", all: boolean) => void;
}

/** Asks what to do where there is something of the same name. */
export function Clash({ entry, others, answer }: Props) {
  const [all, setAll] = useState(false);
  return (
    <Dialog
      open
      onOpenChange={() => answer("skip", false)}
      title="There is a file of this name"
      description={
        <>
          <span dir="auto">“{entry.name}”</span> is in <span dir="auto">{entry.where}</span> already. When you replace
          it, the one from before is kept as an older version.
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div className="flex flex-col gap-2">
          <Button onClick={() => answer("rename", all)}>Keep both</Button>
          <Button look="plain" onClick={() => answer("replace", all)}>
            Replace it
          </Button>
          <Button look="plain" onClick={() => answer("skip", all)}>
            Skip this one
          </Button>
        </div>
        {others && (
          <label className="flex items-center gap-3 text-sm">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={all}
              onChange={({ target }) => setAll(target.checked)}
            />
            Do the same with all others
          </label>
        )}
      </div>
    </Dialog>
  );
}
