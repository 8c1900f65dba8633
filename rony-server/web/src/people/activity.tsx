/** What concerns the person: mentions, direct messages, replies and invitations that they have not seen. */
import {
  AtSign,
  BellRing,
  CalendarClock,
  CalendarPlus,
  CalendarX,
  CheckCheck,
  CornerUpLeft,
  type LucideIcon,
  MessageCircle,
  Phone,
  PhoneMissed,
  UserPlus,
  X,
} from "lucide-react";
import { useMemo } from "react";
import { toast } from "sonner";
import { Link } from "wouter";
import { api, call, explain } from "@/api/client";
import type { ConversationView, Notification } from "@/api/types";
import { useModel, usePerson, usePersonName } from "@/client/hooks";
import { places } from "@/lib/navigate";
import { ago, fullTime } from "@/lib/time";
import { saidLine, useConversationTitle } from "@/model/naming";
import { useMeeting, useNow } from "@/schedule/meetings";
import { said } from "@/schedule/when";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Screen } from "@/ui/screen";
import { Empty } from "@/ui/states";
import { useMessage } from "./use-message";

export default function Activity() {
  const notifications = useModel((model) => model.notifications);
  const conversations = useModel((model) => model.conversations);
  const newest = useMemo(() => [...notifications.values()].sort((a, b) => b.at.localeCompare(a.at)), [notifications]);
  // What is said to everybody is no notification of its own: it follows from the conversations.
  const toAll = useMemo(() => {
    const told = new Set(newest.map((one) => one.conversation_id));
    return [...conversations.values()].filter((view) => view.mentions > 0 && !told.has(view.id));
  }, [conversations, newest]);
  const empty = newest.length === 0 && toAll.length === 0;
  const clear = newest.length > 0 && (
    <Button look="ghost" size="small" onClick={() => void clearAll()}>
      <CheckCheck className="size-4" />
      Clear all
    </Button>
  );
  const calls = (
    <Button asChild look="ghost" size="small">
      <Link href={places.calls}>
        <Phone className="size-4" aria-hidden />
        Calls
      </Link>
    </Button>
  );
  return (
    <Screen
      title="Activity"
      actions={
        <>
          {calls}
          {clear}
        </>
      }
    >
      {empty ? (
        <Empty icon={<BellRing />} title="You are up to date">
          <p>
            When somebody mentions you, writes to you, answers you or adds you to a group, or when you miss a call, it
            stands here.
          </p>
        </Empty>
      ) : (
        <ul className="mx-auto flex max-w-2xl flex-col gap-1 p-3">
          {newest.map((notification) => (
            <Item key={notification.id} notification={notification} />
          ))}
          {toAll.map((view) => (
            <Mentions key={view.id} view={view} />
          ))}
        </ul>
      )}
    </Screen>
  );
}

const KINDS: Readonly<Record<Notification["kind"], readonly [LucideIcon, string]>> = {
  mention: [AtSign, "mentioned you"],
  direct: [MessageCircle, "wrote to you"],
  reply: [CornerUpLeft, "answered"],
  invitation: [UserPlus, "added you"],
  meeting_invitation: [CalendarPlus, "asks you to a meeting"],
  meeting_change: [CalendarClock, "changed a meeting"],
  meeting_cancellation: [CalendarX, "cancelled a meeting"],
  meeting_reminder: [BellRing, "reminds you of a meeting"],
  missed_call: [PhoneMissed, "called you"],
};

function Item({ notification }: { notification: Notification }) {
  const { conversation_id: id, actor_id, count, kind } = notification;
  const view = useModel((model) => (id ? model.conversations.get(id) : undefined));
  const title = useConversationTitle(view);
  const actor = usePerson(actor_id);
  const name = usePersonName(actor_id);
  const message = useMessage(notification);
  const [Icon, did] = KINDS[kind];
  const what = count > 1 && kind === "direct" ? `wrote ${count} messages` : count > 1 ? `${did} ${count} times` : did;
  return (
    <li className="group/item relative">
      <Link href={target(notification)} className="flex gap-3 rounded-xl p-3 pr-12 hover:bg-hover">
        <span className="relative h-fit">
          <Avatar id={actor_id ?? id ?? notification.id} name={name} picture={actor?.avatar} />
          <span className="-right-1.5 -bottom-1.5 absolute rounded-full bg-accent p-1 text-on-accent ring-2 ring-background">
            <Icon className="size-3" aria-hidden />
          </span>
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2 text-sm">
            <span className="min-w-0 flex-1 break-words md:truncate">
              <b dir="auto" className="font-semibold">
                {name}
              </b>{" "}
              {what}
              {view?.kind === "group" && (
                <span className="text-soft">
                  {" "}
                  {kind === "invitation" ? "to" : "in"} <span dir="auto">{title}</span>
                </span>
              )}
            </span>
            <time dateTime={notification.at} title={fullTime(notification.at)} className="shrink-0 text-soft text-xs">
              {ago(notification.at)}
            </time>
          </span>
          {notification.meeting_id && <AboutMeeting id={notification.meeting_id} kind={kind} who={name} />}
          {message && (
            <span dir="auto" className="mt-0.5 line-clamp-2 text-left text-[13px] text-soft">
              {message.deleted_at ? "The message was deleted." : saidLine(message)}
            </span>
          )}
        </span>
      </Link>
      <Button
        look="ghost"
        size="icon-small"
        aria-label={`Clear: ${name} ${what}`}
        className="absolute top-3 right-3"
        onClick={() => void clearOne(notification.id)}
      >
        <X />
      </Button>
    </li>
  );
}

/** What the meeting is, and that it begins. */
function AboutMeeting({ id, kind, who }: { id: string; kind: Notification["kind"]; who: string }) {
  const { data } = useMeeting(id);
  const now = useNow();
  if (data === undefined) return null;
  return (
    <span dir="auto" className="mt-0.5 line-clamp-2 text-left text-[13px] text-soft">
      <b className="font-medium text-text">{data.title}</b>: {said(kind, data, who, now)}
    </span>
  );
}

function Mentions({ view }: { view: ConversationView }) {
  const title = useConversationTitle(view);
  return (
    <li>
      <Link
        href={places.conversation(view.id)}
        className="flex items-center gap-3 rounded-xl p-3 text-sm hover:bg-hover"
      >
        <Avatar id={view.id} name={title} icon={view.icon || undefined} square />
        <span className="min-w-0 truncate">
          {view.mentions === 1 ? "A message mentions" : `${view.mentions} messages mention`} everybody in{" "}
          <b dir="auto" className="font-semibold">
            {title}
          </b>
        </span>
      </Link>
    </li>
  );
}

function target({ conversation_id: id, meeting_id, thread_id, message_id, seq }: Notification): string {
  if (meeting_id) return places.meeting(meeting_id);
  if (!id) return places.activity;
  if (thread_id) return places.thread(id, thread_id);
  return message_id ? places.message(id, seq) : places.conversation(id);
}

async function clearOne(id: string): Promise<void> {
  await cleared({ ids: [id] });
}

async function clearAll(): Promise<void> {
  await cleared({ ids: null });
}

async function cleared({ ids }: { ids: string[] | null }): Promise<void> {
  try {
    await call(api.POST("/notifications/clear", { body: { ids, conversation_id: null, up_to: null } }));
  } catch (error) {
    toast.error(explain(error));
  }
}
