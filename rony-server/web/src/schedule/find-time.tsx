/** Times at which nobody who is asked has another meeting. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "@/api/client";
import type { UserSummary } from "@/api/types";
import { Button } from "@/ui/button";
import { Failed, Loading } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { MEETINGS } from "./meetings";
import { dayName, moment, starts, wall } from "./when";

interface Props {
  people: readonly UserSummary[];
  minutes: number;
  zone: string;
  /** The first day that is looked at. */
  from: string;
  /** The meeting that is to move, if one is. */
  meeting?: string;
  choose: (start: number) => void;
}

const DAY = 24 * 60 * 60_000;
const DAYS = 7;
/** More than one wants to read. */
const MOST = 60;

export function FindTime({ people, minutes, zone, from, meeting, choose }: Props) {
  const [work, setWork] = useState(true);
  const [later, setLater] = useState(0);
  const now = Date.now();
  const first = Math.max(from === "" ? now : moment({ day: from, time: "00:00" }, zone), now) + later * DAY;
  const wish = {
    people: people.map(({ id }) => id),
    // To the minute: the same question is the same while one looks at the answer.
    from: new Date(Math.ceil(first / 60_000) * 60_000).toISOString(),
    to: new Date(Math.ceil(first / 60_000) * 60_000 + DAYS * DAY).toISOString(),
    minutes,
    zone,
    working_hours: work ? { from: "09:00", to: "17:00" } : null,
    meeting_id: meeting ?? null,
  };
  const key = { ...wish, from: wall(wish.from, zone).day, to: null };
  const found = useQuery({
    queryKey: [...MEETINGS, "free", key],
    queryFn: () => call(api.POST("/meetings/free-times", { body: wish })),
    staleTime: 60_000,
    retry: false,
  });
  return (
    <section aria-label="Times that suit all" className="flex flex-col gap-3 rounded-xl border bg-background p-4">
      <Switch label="Only at work" hint="Monday to Friday, 9:00 to 17:00." checked={work} onChange={setWork} />
      {found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Offers offered={starts(found.data.free, minutes, zone, MOST)} zone={zone} choose={choose} />
      )}
      <div className="flex justify-between gap-2">
        <Button look="ghost" size="small" disabled={later === 0} onClick={() => setLater(later - DAYS)}>
          Earlier
        </Button>
        <Button look="ghost" size="small" onClick={() => setLater(later + DAYS)}>
          Later
        </Button>
      </div>
    </section>
  );
}

function Offers({ offered, zone, choose }: { offered: readonly number[]; zone: string; choose: Props["choose"] }) {
  if (offered.length === 0)
    return (
      <p className="text-soft text-sm">In these {DAYS} days there is no time at which all are free for so long.</p>
    );
  const days = new Map<string, number[]>();
  for (const start of offered) {
    const { day } = wall(start, zone);
    days.set(day, [...(days.get(day) ?? []), start]);
  }
  return (
    <div className="flex max-h-64 flex-col gap-3 overflow-y-auto">
      {[...days].map(([day, times]) => {
        const name = dayName(times[0] ?? 0, Date.now(), zone);
        return (
          <div key={day}>
            <p className="mb-1.5 font-medium text-[13px] text-soft">{name}</p>
            <ul className="flex flex-wrap gap-1.5">
              {times.map((start) => {
                const { time } = wall(start, zone);
                return (
                  <li key={start}>
                    <Button
                      look="plain"
                      size="small"
                      className="tabular-nums"
                      aria-label={`${name}, ${time}`}
                      onClick={() => choose(start)}
                    >
                      {time}
                    </Button>
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </div>
  );
}
