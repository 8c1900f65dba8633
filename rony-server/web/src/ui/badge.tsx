import { cn } from "@/lib/cn";

interface Props {
  count: number;
  /** Read out after the number: `unread`, `mentions`. */
  of: string;
  look?: "strong" | "quiet";
  className?: string;
}

/** How many of something wait for the person. */
export function Badge({ count, of, look = "strong", className }: Props) {
  if (count <= 0) return null;
  return (
    <span
      className={cn(
        "inline-flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full px-1.5 font-semibold text-[11px] tabular-nums leading-none",
        look === "strong" ? "bg-accent text-on-accent" : "bg-strong/20 text-text",
        className,
      )}
    >
      {count > 99 ? "99+" : count}
      <span className="sr-only"> {of}</span>
    </span>
  );
}
