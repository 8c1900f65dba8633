import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { Tooltip } from "@/ui/tooltip";

interface ToggleProps {
  label: string;
  off: boolean;
  disabled?: boolean;
  act: () => void;
  children: ReactNode;
}

/** One of the round buttons of a call. */
export function Toggle({ label, off, disabled, act, children }: ToggleProps) {
  return (
    <Tooltip label={label} side="top">
      <Button
        look={off ? "plain" : "ghost"}
        size="icon"
        aria-label={label}
        disabled={disabled}
        className={cn("rounded-full", off ? "text-danger hover:text-danger" : "bg-muted")}
        onClick={act}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
