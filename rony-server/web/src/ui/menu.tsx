import { Check, ChevronRight } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import { type ComponentProps, createContext, type ReactNode, useContext, useRef, useState } from "react";
import { cn } from "@/lib/cn";

/** How each line of a menu looks. */
export const item =
  "flex cursor-default select-none items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-soft";

/** The parts of the page that have a name, by which people who do not see it find their way. */
export const LANDMARKS = "main, nav, aside, section[aria-label]";

/** Where the menus in a menu are put. */
const Place = createContext<HTMLElement | null>(null);

interface Props {
  /** What opens it: one button. */
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "right" | "bottom" | "left";
  /** Where something else opens it too. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A menu that a button opens. It belongs to the part of the page where its button is. */
export function Menu({ trigger, children, align = "end", side, open, onOpenChange }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [place, setPlace] = useState<HTMLElement | null>(null);
  function change(opens: boolean) {
    if (opens) setPlace(button.current?.closest<HTMLElement>(LANDMARKS) ?? null);
    onOpenChange?.(opens);
  }
  return (
    <Radix.Root modal={false} open={open} onOpenChange={change}>
      <Radix.Trigger asChild ref={button}>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal container={place}>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-xl border bg-raised p-1.5 shadow-lg"
        >
          <Place value={place}>{children}</Place>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem({ className, danger, ...props }: ComponentProps<typeof Radix.Item> & { danger?: boolean }) {
  return <Radix.Item className={cn(item, danger && "text-danger [&_svg]:text-danger", className)} {...props} />;
}

/** One of several of which one holds. */
export function MenuChoice({ className, children, checked, ...props }: ComponentProps<typeof Radix.CheckboxItem>) {
  return (
    <Radix.CheckboxItem className={cn(item, className)} checked={checked} {...props}>
      <span className="flex-1">{children}</span>
      {checked && <Check />}
    </Radix.CheckboxItem>
  );
}

/** A menu in the menu. */
export function SubMenu({ label, icon, children }: { label: ReactNode; icon?: ReactNode; children: ReactNode }) {
  const place = useContext(Place);
  return (
    <Radix.Sub>
      <Radix.SubTrigger className={cn(item, "data-[state=open]:bg-hover")}>
        {icon}
        <span className="flex-1">{label}</span>
        <ChevronRight />
      </Radix.SubTrigger>
      <Radix.Portal container={place}>
        <Radix.SubContent
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-44 rounded-xl border bg-raised p-1.5 shadow-lg"
        >
          {children}
        </Radix.SubContent>
      </Radix.Portal>
    </Radix.Sub>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 py-1.5 font-medium text-soft text-xs">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1.5 h-px bg-border" />;
}
