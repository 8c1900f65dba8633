import { Tooltip as Radix } from "radix-ui";
import type { ReactElement } from "react";

interface Props {
  label: string;
  side?: "top" | "right" | "bottom" | "left";
  /** What it explains: one button, which has an `aria-label` of its own. */
  children: ReactElement;
}

/** Words for a button that is only an icon, for those who point at it or focus it. */
export function Tooltip({ label, side = "right", children }: Props) {
  return (
    <Radix.Provider delayDuration={300}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="z-50 select-none rounded-md bg-text px-2 py-1 font-medium text-background text-xs shadow-md"
          >
            {label}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
