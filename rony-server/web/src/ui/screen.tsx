import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface Props {
  title: string;
  /** Buttons at the end of its head. */
  actions?: ReactNode;
  /** What stands before the title, such as the way back on a phone. */
  before?: ReactNode;
  /** What stays in place below the head. */
  head?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A place beside the conversations: its head, and what scrolls below. */
export function Screen({ title, actions, before, head, children, className }: Props) {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex h-14 shrink-0 items-center gap-2 border-border border-b px-4">
        {before}
        <h1 className="min-w-0 flex-1 truncate font-semibold text-lg tracking-tight">{title}</h1>
        {actions}
      </header>
      {head}
      <div className={cn("min-h-0 flex-1 overflow-y-auto", className)}>{children}</div>
    </div>
  );
}
