import { CloudUpload, FolderPlus, FolderUp, Plus } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import type { FileDialog } from "./dialogs/dialogs";
import type { Drops, Target } from "./drag";
import { picked } from "./uploads/gather";

interface Props {
  here: Target;
  drops: Drops;
  show: (dialog: FileDialog) => void;
}

/** A new folder, or what is brought from this device. */
export function New({ here, drops, show }: Props) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  function bring(input: HTMLInputElement) {
    drops.upload(picked(input.files ?? []), here);
    input.value = "";
  }
  return (
    <>
      <Menu
        trigger={
          <Button size="small" className="h-9" aria-label="New">
            <Plus className="size-4" />
            <span className="max-sm:hidden">New</span>
          </Button>
        }
      >
        <MenuItem onSelect={() => show({ kind: "new-folder", parent: here })}>
          <FolderPlus />
          New folder
        </MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={() => files.current?.click()}>
          <CloudUpload />
          Upload files
        </MenuItem>
        <MenuItem onSelect={() => folder.current?.click()}>
          <FolderUp />
          Upload a folder
        </MenuItem>
      </Menu>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={({ currentTarget }) => bring(currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="Folder to upload"
        // @ts-expect-error: React's types do not know it
        webkitdirectory=""
        onChange={({ currentTarget }) => bring(currentTarget)}
      />
    </>
  );
}
