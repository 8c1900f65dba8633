import { shortDate } from "@/lib/time";

const full = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** Where a day begins. */
export function DayLine({ moment }: { moment: string }) {
  return (
    <div className="flex items-center gap-3 px-4 pt-4 pb-1">
      <span className="h-px flex-1 bg-border" />
      <span className="font-medium text-soft text-xs">{dayWords(moment)}</span>
      <span className="h-px flex-1 bg-border" />
    </div>
  );
}

function dayWords(moment: string): string {
  const then = new Date(moment);
  const now = new Date();
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return then.getFullYear() === now.getFullYear() ? full.format(then) : shortDate(then);
}

/** Where the messages begin that were new on entry. */
export function NewLine() {
  return (
    <div className="flex items-center gap-3 px-4 pt-2 pb-1">
      <span className="h-px flex-1 bg-danger" />
      <span className="font-semibold text-danger text-xs">New</span>
    </div>
  );
}
