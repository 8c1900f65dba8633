import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useLatest } from "@/client/hooks";
import { ONE_COLUMN, useNarrow } from "@/lib/narrow";
import { Button } from "@/ui/button";

interface Props {
  title: string;
  hint?: string;
  close: () => void;
  children: ReactNode;
}

/** The heading of a part of a pane: one below the pane's own. */
export function PaneHeading({ children }: { children: ReactNode }) {
  const alone = useNarrow(ONE_COLUMN);
  return (
    <h3 aria-level={alone ? 2 : 3} className="font-semibold text-sm">
      {children}
    </h3>
  );
}

/** What stands beside a conversation: at its side where there is room, in its place where there is not. */
export function PaneFrame({ title, hint, close, children }: Props) {
  const frame = useRef<HTMLElement>(null);
  const latest = useLatest(close);
  const alone = useNarrow(ONE_COLUMN);
  useEffect(() => {
    const element = frame.current;
    function down(event: KeyboardEvent) {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      event.preventDefault();
      latest.current();
    }
    element?.addEventListener("keydown", down);
    return () => element?.removeEventListener("keydown", down);
  }, [latest]);
  return (
    <aside
      ref={frame}
      aria-label={title}
      className="relative flex min-h-0 w-[400px] min-w-0 shrink-0 flex-col border-l max-lg:w-full max-lg:border-0 xl:w-[440px]"
    >
      <header className="flex h-14 shrink-0 items-center gap-2 border-b pr-2 pl-4">
        <div className="min-w-0 flex-1">
          <h2 aria-level={alone ? 1 : 2} className="truncate font-semibold leading-5">
            {title}
          </h2>
          {hint && (
            <p dir="auto" className="truncate text-left text-[13px] text-soft leading-4">
              {hint}
            </p>
          )}
        </div>
        <Button look="ghost" size="icon" aria-label={`Close ${title.toLowerCase()}`} onClick={close}>
          <X />
        </Button>
      </header>
      {children}
    </aside>
  );
}
