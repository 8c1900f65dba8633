import { FolderOpen, Paperclip, Upload } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { Button } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { picked } from "../uploads/gather";
import type { Attaching } from "./use-attaching";

const PickFiles = lazy(() => import("./pick"));

/** Adds files to the message: from this device, or what is in one's files already. */
export function AttachButton({ attaching }: { attaching: Attaching }) {
  const input = useRef<HTMLInputElement>(null);
  const [picking, setPicking] = useState(false);
  return (
    <>
      <Menu
        align="start"
        side="top"
        trigger={
          <Button look="ghost" size="icon" aria-label="Attach files">
            <Paperclip />
          </Button>
        }
      >
        <MenuItem onSelect={() => input.current?.click()}>
          <Upload />
          From this device
        </MenuItem>
        <MenuItem onSelect={() => setPicking(true)}>
          <FolderOpen />
          From my files
        </MenuItem>
      </Menu>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={({ currentTarget }) => {
          attaching.add(picked(currentTarget.files ?? []));
          currentTarget.value = "";
        }}
      />
      {picking && (
        <Suspense>
          <PickFiles pick={attaching.addItems} close={() => setPicking(false)} />
        </Suspense>
      )}
    </>
  );
}
