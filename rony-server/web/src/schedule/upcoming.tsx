/** The meetings that are to come, day by day. */
import { Check, CircleHelp, X } from "lucide-react";
import { Link } from "wouter";
import type { Answer, Meeting } from "@/api/types";
import { useModel, usePersonName } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { places } from "@/lib/navigate";
import { meetingPage } from "@/rooms/link";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Rows } from "@/ui/parts";
import { Failed, Loading } from "@/ui/states";
import { useNow, useUpcoming } from "./meetings";
import { byDay, dayName, elsewhere, hours, stage } from "./when";

export function Upcoming({ none }: { none: React.ReactNode }) {
  const meetings = useUpcoming();
  const now = useNow();
  if (meetings.isPending) return <Loading />;
  if (meetings.isError) return <Failed error={meetings.error} retry={() => void meetings.refetch()} />;
  const all = meetings.data.pages.flatMap((page) => page.items).filter((it) => Date.parse(it.ends_at) > now);
  if (all.length === 0) return none;
  return (
    <div className="flex flex-col gap-5">
      {byDay(all).map(([day, those]) => {
        const name = dayName(those[0]?.starts_at ?? day, now);
        return (
          <section key={day} aria-label={name}>
            <h3 className="mb-2 font-medium text-soft text-sm">{name}</h3>
            <Rows label={`Meetings: ${name}`}>
              {those.map((meeting) => (
                <Row key={meeting.id} meeting={meeting} now={now} />
              ))}
            </Rows>
          </section>
        );
      })}
      {meetings.hasNextPage && (
        <div className="flex justify-center">
          <Button look="plain" disabled={meetings.isFetchingNextPage} onClick={() => void meetings.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({ meeting, now }: { meeting: Meeting; now: number }) {
  const me = useModel((model) => model.me.id);
  const organizer = usePersonName(meeting.organizer_id);
  const at = stage(meeting, now);
  const answer = meeting.invitees.find(({ user_id }) => user_id === me)?.answer;
  const there = elsewhere(meeting);
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <Link href={places.meeting(meeting.id)} className="group min-w-0 flex-1">
        <span className="flex items-center gap-2 font-medium text-sm group-hover:underline">
          <span dir="auto" className={cn("truncate", at === "cancelled" && "text-soft line-through")}>
            {meeting.title}
          </span>
          {answer === "none" && at !== "cancelled" && <Badge count={1} of="to be answered" className="static" />}
        </span>
        <span className="block truncate text-[13px] text-soft">
          <span className="tabular-nums">{hours(meeting.starts_at, meeting.ends_at)}</span>
          {there && ` (${there})`}
          {meeting.organizer_id !== me && <span dir="auto"> · {organizer}</span>}
          {at === "cancelled" && " · cancelled"}
        </span>
      </Link>
      {answer !== undefined && at !== "cancelled" && <Given answer={answer} />}
      {meeting.code && at !== "cancelled" && (
        <Button asChild size="small" look={at === "now" ? "primary" : "plain"}>
          <a
            href={meetingPage(meeting.code)}
            target="_blank"
            rel="noreferrer"
            aria-label={at === "now" ? `Join ${meeting.title} now` : `Join ${meeting.title}`}
          >
            {at === "now" ? "Join now" : "Join"}
          </a>
        </Button>
      )}
    </li>
  );
}

/** What one said, as a mark. */
function Given({ answer }: { answer: Answer }) {
  if (answer === "none") return null;
  const [Icon, label] = {
    accepted: [Check, "You come"],
    tentative: [CircleHelp, "You may come"],
    declined: [X, "You do not come"],
  }[answer] as [typeof Check, string];
  return <Icon className="size-4 shrink-0 text-soft" aria-label={label} />;
}
