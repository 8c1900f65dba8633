/** The dialogs of files, of which one is open at a time. */
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import type { Item } from "@/api/types";
import { Confirm } from "@/ui/confirm";
import { type Acts, named } from "../acts";
import { useDoor } from "../door";
import type { Target } from "../drag";
import { refreshFiles } from "../queries";
import { NameDialog } from "./name";

const MoveDialog = lazy(() => import("./move"));
const VersionsDialog = lazy(() => import("./versions"));
const ShareDialog = lazy(() => import("./share"));
const LookDialog = lazy(() => import("./look"));

export type FileDialog =
  | { kind: "new-folder"; parent: Target }
  | { kind: "rename" | "look" | "share" | "versions"; item: Item }
  | { kind: "move"; items: readonly Item[]; what: "move" | "copy" }
  | { kind: "delete"; items: readonly Item[] }
  | { kind: "empty-trash" };

interface Props {
  dialog: FileDialog;
  acts: Acts;
  close: () => void;
}

export function FileDialogs({ dialog, acts, close }: Props) {
  const door = useDoor();
  const queries = useQueryClient();
  switch (dialog.kind) {
    case "new-folder":
      return <NameDialog parent={dialog.parent} close={close} />;
    case "rename":
      return <NameDialog item={dialog.item} close={close} />;
    case "delete":
      return (
        <Confirm
          title={`Delete ${named(dialog.items)} for good?`}
          action="Delete for good"
          danger
          run={() => acts.deleteForever(dialog.items)}
          close={close}
        >
          It cannot be brought back.
        </Confirm>
      );
    case "empty-trash":
      return (
        <Confirm
          title="Empty the trash?"
          action="Empty the trash"
          danger
          run={() => door.emptyTrash().then(() => refreshFiles(queries))}
          close={close}
        >
          All that is in it goes for good. It cannot be brought back.
        </Confirm>
      );
    default:
      return (
        <Suspense>
          {dialog.kind === "move" && <MoveDialog items={dialog.items} what={dialog.what} acts={acts} close={close} />}
          {dialog.kind === "versions" && <VersionsDialog item={dialog.item} close={close} />}
          {dialog.kind === "share" && <ShareDialog item={dialog.item} close={close} />}
          {dialog.kind === "look" && <LookDialog item={dialog.item} close={close} />}
        </Suspense>
      );
  }
}
