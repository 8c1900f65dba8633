/** Dragging items of the list onto folders, and files from outside onto them. */
import { type DragEvent, useState } from "react";
import type { Item } from "@/api/types";
import { dropped, type Gathered, hasFiles } from "./uploads/gather";

/** Browsers let no page read what is dragged before it is dropped: so it is kept here. */
let dragged: readonly Item[] = [];

const TYPE = "application/x-rony-items";

export function startDrag(event: DragEvent, items: readonly Item[]): void {
  dragged = items;
  event.dataTransfer.setData(TYPE, String(items.length));
  event.dataTransfer.effectAllowed = "move";
}

export interface Target {
  id: string | null;
  name: string;
}

export interface Drops {
  move: (items: readonly Item[], to: Target) => void;
  upload: (files: readonly Gathered[], to: Target) => void;
}

/** Makes something take what is dropped on it; nothing without a folder that it goes into. */
export function useDrop(to: Target | null, { move, upload }: Drops) {
  const [over, setOver] = useState(false);

  function takes(event: DragEvent): boolean {
    if (to === null) return false;
    if (event.dataTransfer.types.includes(TYPE)) return !dragged.some(({ id }) => id === to.id);
    return hasFiles(event.dataTransfer);
  }

  return {
    over,
    handlers: {
      onDragOver(event: DragEvent) {
        if (!takes(event)) return;
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      },
      onDragLeave(event: DragEvent) {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop(event: DragEvent) {
        setOver(false);
        if (to === null || !takes(event)) return;
        event.preventDefault();
        event.stopPropagation();
        if (event.dataTransfer.types.includes(TYPE)) move(dragged, to);
        else void dropped(event.dataTransfer).then((files) => upload(files, to));
      },
    },
  };
}
