import { CloudUpload } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useLatest } from "@/client/hooks";
import { dropped, type Gathered, hasFiles } from "../uploads/gather";

/** Files that are dropped anywhere on the part of the page in which this stands are taken. Gives what is drawn over it then. */
export function useDropOnto(
  inside: RefObject<HTMLElement | null>,
  take: (files: readonly Gathered[]) => void,
): ReactNode {
  const latest = useLatest(take);
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => {
    const part = inside.current?.closest<HTMLElement>("section, aside");
    if (!part) return;
    const over = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      setPlace(part);
    };
    const leave = (event: DragEvent) => {
      if (!part.contains(event.relatedTarget as Node | null)) setPlace(null);
    };
    const drop = (event: DragEvent) => {
      setPlace(null);
      if (!hasFiles(event.dataTransfer) || !event.dataTransfer) return;
      event.preventDefault();
      void dropped(event.dataTransfer).then((files) => latest.current(files));
    };
    part.addEventListener("dragover", over);
    part.addEventListener("dragleave", leave);
    part.addEventListener("drop", drop);
    return () => {
      part.removeEventListener("dragover", over);
      part.removeEventListener("dragleave", leave);
      part.removeEventListener("drop", drop);
    };
  }, [inside, latest]);
  if (place === null) return null;
  return createPortal(
    <div className="pointer-events-none absolute inset-2 z-20 flex items-center justify-center rounded-2xl border-2 border-accent border-dashed bg-background/85">
      <p className="flex items-center gap-2.5 font-semibold text-lg">
        <CloudUpload className="size-6 text-link" aria-hidden />
        Drop to attach
      </p>
    </div>,
    place,
  );
}
