import { Search } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** One line that looks for something. Its name is read out, not shown. */
export function SearchField({ label, className, ...props }: ComponentProps<"input"> & { label: string }) {
  return (
    <div className={cn("relative", className)}>
      <Search className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-3 size-4 text-soft" aria-hidden />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        className="h-10 w-full rounded-lg border border-strong bg-background pr-3 pl-9 placeholder:text-soft [&::-webkit-search-cancel-button]:hidden"
        {...props}
      />
    </div>
  );
}
