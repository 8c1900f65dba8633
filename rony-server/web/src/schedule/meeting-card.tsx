/** All about one meeting: when, who comes, the answer that one gives, the way in. */
import { useQueryClient } from "@tanstack/react-query";
import { CalendarPlus, Check, CircleHelp, Clock, Link2, type LucideIcon, Settings2, Trash2, X } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, call } from "@/api/client";
import type { Answer, Meeting } from "@/api/types";
import { useModel, usePerson, usePersonName } from "@/client/hooks";
import { attempt, copy } from "@/conversation/acts";
import { cn } from "@/lib/cn";
import { meetingPage } from "@/rooms/link";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { Failed, Loading } from "@/ui/states";
import { calendarFile, MEETINGS, useMeeting, useNow } from "./meetings";
import { ChangeDialog } from "./schedule-dialog";
import { dayName, elsewhere, hours, stage } from "./when";

export function MeetingCard({ id, close }: { id: string; close: () => void }) {
  const meeting = useMeeting(id);
  const [changing, setChanging] = useState(false);
  if (meeting.data && changing) return <ChangeDialog meeting={meeting.data} close={() => setChanging(false)} />;
  return (
    <Dialog open onOpenChange={close} title={meeting.data?.title ?? "Meeting"} className="sm:max-w-lg">
      {meeting.isPending ? (
        <Loading />
      ) : meeting.isError ? (
        <Failed error={meeting.error} retry={() => void meeting.refetch()} />
      ) : (
        <Card meeting={meeting.data} change={() => setChanging(true)} close={close} />
      )}
    </Dialog>
  );
}

const ANSWERS: readonly (readonly [Answer, string, LucideIcon])[] = [
  ["accepted", "I come", Check],
  ["tentative", "Maybe", CircleHelp],
  ["declined", "I do not come", X],
];

function Card({ meeting, change, close }: { meeting: Meeting; change: () => void; close: () => void }) {
  const queries = useQueryClient();
  const me = useModel((model) => model.me.id);
  const now = useNow();
  const [cancelling, setCancelling] = useState(false);
  const own = meeting.organizer_id === me;
  const organizer = usePersonName(meeting.organizer_id);
  const at = stage(meeting, now);
  const open = at === "ahead" || at === "now";
  const answer = meeting.invitees.find(({ user_id }) => user_id === me)?.answer;
  const params = { path: { id: meeting.id } };
  const changed = () => queries.invalidateQueries({ queryKey: MEETINGS });
  const there = elsewhere(meeting);

  async function say(answer: Answer) {
    if (await attempt(call(api.PUT("/meetings/{id}/answer", { params, body: { answer } })))) await changed();
  }

  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-1 text-sm">
        <p className="flex items-center gap-2">
          <Clock className="size-4 shrink-0 text-soft" aria-hidden />
          <span className={cn(at === "cancelled" && "line-through")}>
            {dayName(meeting.starts_at, now)}, {hours(meeting.starts_at, meeting.ends_at)}
          </span>
        </p>
        {there && <p className="pl-6 text-soft">{there}</p>}
        <p className="pl-6 text-soft">{own ? "You scheduled it." : <span dir="auto">Scheduled by {organizer}</span>}</p>
        {at === "cancelled" && <p className="pl-6 font-medium text-danger">It is cancelled.</p>}
        {at === "over" && <p className="pl-6 text-soft">It is over.</p>}
      </div>
      {meeting.description !== "" && (
        <p dir="auto" className="whitespace-pre-wrap break-words text-sm">
          {meeting.description}
        </p>
      )}
      {answer !== undefined && open && (
        <fieldset>
          <legend className="mb-2 font-medium text-sm">Do you come?</legend>
          <div className="flex flex-wrap gap-2">
            {ANSWERS.map(([value, label, Icon]) => (
              <Button
                key={value}
                size="small"
                look={answer === value ? "primary" : "plain"}
                aria-pressed={answer === value}
                onClick={() => void say(value)}
              >
                <Icon className="size-4" aria-hidden />
                {label}
              </Button>
            ))}
          </div>
        </fieldset>
      )}
      {meeting.invitees.length > 0 && (
        <ul aria-label="Who is asked" className="flex max-h-56 flex-col gap-2 overflow-y-auto">
          {meeting.invitees.map(({ user_id, answer }) => (
            <Invitee key={user_id} id={user_id} answer={answer} />
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {open && meeting.code && (
          <Button asChild look={at === "now" ? "primary" : "plain"}>
            <a href={meetingPage(meeting.code)} target="_blank" rel="noreferrer">
              Join
            </a>
          </Button>
        )}
        {open && meeting.url && (
          <Button look="plain" onClick={() => void copy(meeting.url ?? "", "Link")}>
            <Link2 className="size-4" aria-hidden />
            Copy the link
          </Button>
        )}
        <Button asChild look="plain">
          <a href={calendarFile(meeting.id)} download>
            <CalendarPlus className="size-4" aria-hidden />
            {at === "cancelled" ? "Take it out of my calendar" : "Add to my calendar"}
          </a>
        </Button>
        {own && open && (
          <>
            <Button look="plain" onClick={change}>
              <Settings2 className="size-4" aria-hidden />
              Change
            </Button>
            <Button look="ghost" className="text-danger" onClick={() => setCancelling(true)}>
              <Trash2 className="size-4" aria-hidden />
              Cancel the meeting
            </Button>
          </>
        )}
      </div>
      {cancelling && (
        <Confirm
          title={`Cancel ${meeting.title}?`}
          action="Cancel the meeting"
          danger
          run={async () => {
            await call(api.POST("/meetings/{id}/cancel", { params }));
            await changed();
            toast.success(`${meeting.title} is cancelled.`);
            close();
          }}
          close={() => setCancelling(false)}
        >
          All who are asked to come are told, and the link leads nowhere any more.
        </Confirm>
      )}
    </div>
  );
}

const SAID: Readonly<Record<Answer, string>> = {
  none: "has not answered",
  accepted: "comes",
  tentative: "may come",
  declined: "does not come",
};

function Invitee({ id, answer }: { id: string; answer: Answer }) {
  const person = usePerson(id);
  const name = usePersonName(id);
  return (
    <li className="flex items-center gap-2.5 text-sm">
      <Avatar id={id} name={name} picture={person?.avatar} size="small" />
      <span dir="auto" className="min-w-0 flex-1 truncate">
        {name}
      </span>
      <span className={cn("text-[13px]", answer === "accepted" ? "text-text" : "text-soft")}>{SAID[answer]}</span>
    </li>
  );
}
