/** Who may see something: people and groups of this server, and whoever has a link. */

import type { Item } from "@/api/types";
import { Dialog } from "@/ui/dialog";
import { Grants } from "./grants";
import { Links } from "./links";

export default function ShareDialog({ item, close }: { item: Item; close: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={close}
      title={`Share “${item.name}”`}
      description={
        item.kind === "folder"
          ? "Those you choose see all that is in this folder, also what comes later."
          : "Those you choose see this file, and each later version of it."
      }
      className="sm:max-w-lg"
    >
      <div className="flex flex-col gap-7">
        <Grants item={item} />
        <Links item={item} />
      </div>
    </Dialog>
  );
}
