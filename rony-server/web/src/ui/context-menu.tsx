import { ContextMenu as Radix } from "radix-ui";
import { type ComponentProps, type ReactElement, type ReactNode, useRef, useState } from "react";
import { cn } from "@/lib/cn";
import { item, LANDMARKS } from "./menu";

interface Props {
  /** Where it is asked for: by the other button of the mouse, a long press, or the key for it. */
  children: ReactElement;
  menu: ReactNode;
}

/** A menu at the mouse. It belongs to the part of the page in which it was asked for. */
export function ContextMenu({ children, menu }: Props) {
  const trigger = useRef<HTMLSpanElement>(null);
  const [place, setPlace] = useState<HTMLElement | null>(null);
  return (
    <Radix.Root
      modal={false}
      onOpenChange={(open) => open && setPlace(trigger.current?.closest<HTMLElement>(LANDMARKS) ?? null)}
    >
      <Radix.Trigger asChild ref={trigger}>
        {children}
      </Radix.Trigger>
      <Radix.Portal container={place}>
        <Radix.Content
          collisionPadding={8}
          className="z-50 max-h-(--radix-context-menu-content-available-height) min-w-52 overflow-y-auto rounded-xl border bg-raised p-1.5 shadow-lg"
        >
          {menu}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function ContextItem({ className, danger, ...props }: ComponentProps<typeof Radix.Item> & { danger?: boolean }) {
  return <Radix.Item className={cn(item, danger && "text-danger [&_svg]:text-danger", className)} {...props} />;
}

export function ContextSeparator() {
  return <Radix.Separator className="my-1.5 h-px bg-border" />;
}
