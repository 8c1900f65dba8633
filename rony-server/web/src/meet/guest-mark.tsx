/** Stands beside the name of a guest: guests call themselves what they like, also as somebody does who has an account. */
import { cn } from "@/lib/cn";
import { ROLE } from "./rights";

export function GuestMark({ className }: { className?: string }) {
  return (
    <span className={cn("shrink-0 rounded border border-current px-1 font-medium text-[11px] leading-4", className)}>
      {ROLE.guest}
    </span>
  );
}
