/** A button that opens all emoji. They are loaded when it does. */
import { Popover } from "radix-ui";
import { lazy, type ReactElement, Suspense } from "react";
import { Loading } from "@/ui/states";
import { frequent } from "./recent";

const All = lazy(() => import("./all"));

interface Props {
  pick: (emoji: string) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The button. */
  children: ReactElement;
}

export function PickEmoji({ pick, open, onOpenChange, children }: Props) {
  function chosen(emoji: string) {
    onOpenChange(false);
    pick(emoji);
  }
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>{children}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label="Emoji"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex h-96 max-h-(--radix-popover-content-available-height) w-[340px] max-w-[calc(100vw-1rem)] flex-col overflow-hidden rounded-xl border bg-raised shadow-lg"
        >
          <div className="flex justify-between border-b p-1.5">
            {frequent().map((emoji) => (
              <button
                key={emoji}
                type="button"
                aria-label={emoji}
                className="flex size-9 items-center justify-center rounded-lg text-xl hover:bg-hover"
                onClick={() => chosen(emoji)}
              >
                {emoji}
              </button>
            ))}
          </div>
          <Suspense fallback={<Loading />}>
            <All pick={chosen} />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
