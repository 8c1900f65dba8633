import { useQueryClient } from "@tanstack/react-query";
import { FolderPlus } from "lucide-react";
import { useState } from "react";
import type { Item } from "@/api/types";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { type Acts, named } from "../acts";
import { useDoor } from "../door";
import type { Target } from "../drag";
import { refreshFiles } from "../queries";
import { nameFault } from "../words";
import { FolderTree } from "./folder-tree";

interface Props {
  items: readonly Item[];
  what: "move" | "copy";
  acts: Acts;
  close: () => void;
}

/** Moves or copies into a folder of one's own that is chosen here. */
export default function MoveDialog({ items, what, acts, close }: Props) {
  const [to, setTo] = useState<Target>({ id: null, name: "My files" });
  const moving = what === "move";
  const barred = new Set(moving ? items.filter(({ kind }) => kind === "folder").map(({ id }) => id) : []);
  const there = moving && items.every(({ parent_id }) => parent_id === to.id);

  function run() {
    close();
    void (moving ? acts.move(items, to) : acts.copy(items, to));
  }

  return (
    <Dialog open onOpenChange={close} title={`${moving ? "Move" : "Copy"} ${named(items)} to`}>
      <div className="flex flex-col gap-4">
        <FolderTree chosen={to.id} choose={setTo} without={barred} />
        <NewFolder parent={to} made={setTo} />
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button disabled={there} onClick={run}>
            {moving ? "Move here" : "Copy here"}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** A folder that is not there yet. */
function NewFolder({ parent, made }: { parent: Target; made: (folder: Target) => void }) {
  const door = useDoor();
  const queries = useQueryClient();
  const [name, setName] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  if (name === null) {
    return (
      <Button look="link" size="inline" className="self-start" onClick={() => setName("")}>
        <FolderPlus className="size-4" />
        New folder in {parent.name}
      </Button>
    );
  }

  async function make() {
    if (name === null || nameFault(name) !== null) return;
    try {
      const folder = await door.createFolder({ parent_id: parent.id, name: name.trim() });
      await refreshFiles(queries);
      made(folder);
      setName(null);
    } catch (failed) {
      setError(failed);
    }
  }

  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <div className="flex items-end gap-2">
        <div className="flex-1">
          <Field
            label={`New folder in ${parent.name}`}
            dir="auto"
            autoFocus
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </div>
        <Button type="submit" look="plain" disabled={nameFault(name) !== null}>
          Make
        </Button>
      </div>
      <Refused error={error} />
    </form>
  );
}
