import { ArrowDown, ArrowUp } from "lucide-react";

const look =
  "absolute z-20 flex h-9 items-center gap-2 rounded-full border bg-raised px-3.5 font-medium text-sm shadow-md hover:bg-hover [&_svg]:size-4";

/** Back to the newest message. */
export function ToLatest({ count, go }: { count: number; go: () => void }) {
  return (
    <button
      type="button"
      onClick={go}
      className={`${look} right-5 bottom-3`}
      aria-label={count > 0 ? undefined : "Jump to latest"}
    >
      <ArrowDown aria-hidden />
      {count > 0 && (count === 1 ? "1 new message" : `${count > 999 ? "999+" : count} new messages`)}
    </button>
  );
}

/** Up to where the new messages begin. */
export function ToUnread({ go }: { go: () => void }) {
  return (
    <button type="button" onClick={go} className={`${look} -translate-x-1/2 top-3 left-1/2`}>
      <ArrowUp aria-hidden />
      Jump to the first new message
    </button>
  );
}
