/** A file as large as the screen, with those before and after it. */
import { ChevronLeft, ChevronRight, Download, UserPlus, X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { lazy, type PointerEvent, Suspense, useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { explain } from "@/api/client";
import type { Item } from "@/api/types";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { Loading } from "@/ui/states";
import { useDoor } from "../door";
import { download } from "../media";
import { may } from "../offers";
import { sizeOf } from "../words";
import { Shown, type ShownFile } from "./shown";

const ShareDialog = lazy(() => import("../dialogs/share"));

interface Props {
  files: readonly (ShownFile & { level?: Item["level"] })[];
  at: number;
  close: () => void;
}

/** So far a finger goes, in pixels, until it means the next file. */
const SWIPE = 60;

export default function Preview({ files, at: first, close }: Props) {
  const door = useDoor();
  const [at, setAt] = useState(first);
  const [sharing, setSharing] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const [from] = useState(() => document.activeElement);
  const file = files[at];
  const swipe = useSwipe((by) => go(by));

  function go(by: number) {
    setAt((now) => Math.max(0, Math.min(files.length - 1, now + by)));
  }

  useEffect(() => {
    function down(event: KeyboardEvent) {
      if (event.altKey || event.ctrlKey || event.metaKey || sharing) return;
      // There the arrows go through the film.
      if (event.target instanceof HTMLElement && event.target.closest("video, audio, input, select")) return;
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      setAt((now) => Math.max(0, Math.min(files.length - 1, now + by)));
    }
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, [files.length, sharing]);

  if (file === undefined) return null;
  return (
    <Radix.Root open onOpenChange={(open) => !open && close()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/60" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            body.current?.focus({ preventScroll: true });
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (from instanceof HTMLElement) from.focus({ preventScroll: true });
          }}
          className="fixed inset-0 z-50 flex flex-col bg-background pb-[env(safe-area-inset-bottom)] outline-none"
        >
          <header className="flex h-14 shrink-0 items-center gap-1 border-b pr-2 pl-4">
            <div className="min-w-0 flex-1">
              <Radix.Title dir="auto" className="truncate font-semibold leading-5">
                {file.name}
              </Radix.Title>
              <p role="status" className="text-soft text-xs">
                {files.length > 1 && `${at + 1} of ${files.length.toLocaleString()} · `}
                {sizeOf(file.size)}
              </p>
            </div>
            {door.pass === undefined && file.level && may(file.level, "manager") && (
              <Button look="ghost" size="icon" aria-label="Share" onClick={() => setSharing(true)}>
                <UserPlus />
              </Button>
            )}
            <Button
              look="ghost"
              size="icon"
              aria-label="Download"
              onClick={() => void download(door, file).catch((error) => toast.error(explain(error)))}
            >
              <Download />
            </Button>
            <Radix.Close asChild>
              <Button look="ghost" size="icon" aria-label="Close">
                <X />
              </Button>
            </Radix.Close>
          </header>
          <div ref={body} tabIndex={-1} className="relative flex min-h-0 flex-1 outline-none" {...swipe}>
            <Shown key={file.id} file={file} />
            {files.length > 1 && (
              <>
                <Step label="Previous" off={at === 0} go={() => go(-1)} className="left-2">
                  <ChevronLeft />
                </Step>
                <Step label="Next" off={at === files.length - 1} go={() => go(1)} className="right-2">
                  <ChevronRight />
                </Step>
              </>
            )}
          </div>
          {sharing && (
            <Suspense fallback={<Loading />}>
              <ShareDialog item={file as Item} close={() => setSharing(false)} />
            </Suspense>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface StepProps {
  label: string;
  off: boolean;
  go: () => void;
  className: string;
  children: React.ReactNode;
}

function Step({ label, off, go, className, children }: StepProps) {
  return (
    <Button
      look="plain"
      size="icon"
      aria-label={label}
      disabled={off}
      onClick={go}
      className={cn("-translate-y-1/2 absolute top-1/2 size-11 rounded-full shadow-md max-sm:hidden", className)}
    >
      {children}
    </Button>
  );
}

/** A finger that goes to the side. */
function useSwipe(go: (by: number) => void) {
  const from = useRef<{ x: number; y: number } | null>(null);
  return {
    onPointerDown({ pointerType, clientX, clientY, target }: PointerEvent) {
      const own = target instanceof HTMLElement && target.closest("video, audio, button") !== null;
      from.current = pointerType === "touch" && !own ? { x: clientX, y: clientY } : null;
    },
    onPointerUp({ clientX, clientY }: PointerEvent) {
      const start = from.current;
      from.current = null;
      if (start === null) return;
      const [x, y] = [clientX - start.x, clientY - start.y];
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) go(x < 0 ? 1 : -1);
    },
    onPointerCancel() {
      from.current = null;
    },
    // To the side is ours, up and down is the browser's.
    style: { touchAction: "pan-y pinch-zoom" },
  };
}
