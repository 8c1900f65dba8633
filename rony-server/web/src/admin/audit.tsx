/** Who did what on the server. */
import { ScrollText } from "lucide-react";
import { useState } from "react";
import { api, call } from "@/api/client";
import type { AuditEntry } from "@/api/types";
import { clockTime, fullTime } from "@/lib/time";
import { Rows } from "@/ui/parts";
import { Empty, Failed, Loading } from "@/ui/states";
import { type Filter, Filters, isEmpty, NO_FILTER } from "./audit-filters";
import { More, usePages } from "./pages";
import { Sentence } from "./sentence";

const DAY = 86_400_000;
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

export function AuditLog() {
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const query = {
    actor_id: filter.person?.id,
    action: filter.action || undefined,
    since: moment(filter.from, 0),
    until: moment(filter.to, DAY),
  };
  const log = usePages<AuditEntry>(["audit", query], (cursor) =>
    call(api.GET("/audit", { params: { query: { ...query, cursor, limit: 50 } } })),
  );
  return (
    <>
      <p className="-mt-4 mb-6 max-w-prose text-soft text-sm">
        Sign-ins, accounts, passwords, tokens and invitations: who did what, from where. What people write is never
        here.
      </p>
      <Filters filter={filter} change={setFilter} />
      <Entries log={log} filtered={!isEmpty(filter)} />
    </>
  );
}

/** The start of a day here, as the API wants it. */
function moment(date: string, more: number): string | undefined {
  const start = new Date(`${date}T00:00`).getTime();
  return Number.isNaN(start) ? undefined : new Date(start + more).toISOString();
}

function Entries({ log, filtered }: { log: ReturnType<typeof usePages<AuditEntry>>; filtered: boolean }) {
  if (log.isPending) return <Loading />;
  if (log.isError) return <Failed error={log.error} retry={() => void log.refetch()} />;
  if (log.items.length === 0) {
    return (
      <Empty icon={<ScrollText />} title={filtered ? "Nothing of that kind" : "Nothing yet"}>
        <p>{filtered ? "Nothing in the log is so. Take a filter away." : "What happens from now on stands here."}</p>
      </Empty>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      {byDay(log.items).map(([name, entries]) => (
        <section key={name}>
          <h2 className="mb-2 font-semibold text-sm">{name}</h2>
          <Rows label={name}>
            {entries.map((entry) => (
              <Row key={entry.id} entry={entry} />
            ))}
          </Rows>
        </section>
      ))}
      <More list={log} />
    </div>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  return (
    <li className="flex gap-4 px-4 py-2.5 text-sm max-sm:flex-col max-sm:gap-0.5">
      <time
        dateTime={entry.at}
        title={fullTime(entry.at)}
        className="shrink-0 text-soft tabular-nums max-sm:order-2 max-sm:text-xs sm:w-18"
      >
        {clockTime(entry.at)}
        {entry.address && <span className="sm:hidden"> · {entry.address}</span>}
      </time>
      <p className="min-w-0 flex-1 break-words">
        <Sentence entry={entry} />
      </p>
      {entry.address && <span className="shrink-0 text-soft text-xs leading-5 max-sm:hidden">{entry.address}</span>}
    </li>
  );
}

function byDay(entries: readonly AuditEntry[]): [string, AuditEntry[]][] {
  const days = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    const name = day.format(new Date(entry.at));
    days.set(name, [...(days.get(name) ?? []), entry]);
  }
  return [...days];
}
