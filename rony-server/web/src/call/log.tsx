/** The log of one's calls. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Phone, PhoneIncoming, PhoneMissed, PhoneOutgoing, Video } from "lucide-react";
import { useEffect } from "react";
import { Link } from "wouter";
import { api, call as ask } from "@/api/client";
import type { LoggedCall } from "@/api/types";
import { useModel, usePerson } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { places } from "@/lib/navigate";
import { ago, fullTime } from "@/lib/time";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Screen } from "@/ui/screen";
import { Empty, Failed, Loading } from "@/ui/states";
import { Tooltip } from "@/ui/tooltip";
import { useCalls, useDesk } from "./hooks";
import { useWith } from "./names";
import { isMissed, whatBecame } from "./words";

export default function CallLog() {
  return (
    <Screen title="Calls">
      <div className="mx-auto max-w-2xl p-3">
        <List />
      </div>
    </Screen>
  );
}

function List() {
  const { calls: live } = useCalls();
  const log = useInfiniteQuery({
    queryKey: ["calls"],
    queryFn: ({ pageParam: cursor }) => ask(api.GET("/calls", { params: { query: cursor ? { cursor } : {} } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const { refetch } = log;
  // A call that has begun or ended changes the log.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each change of their number
  useEffect(() => void refetch(), [live.length, refetch]);
  if (log.isPending) return <Loading />;
  if (log.isError) return <Failed error={log.error} retry={() => void refetch()} />;
  const all = log.data.pages.flatMap((page) => page.items);
  if (all.length === 0)
    return (
      <Empty icon={<Phone />} title="No calls yet">
        <p>Open a conversation and press the telephone to call who is there.</p>
      </Empty>
    );
  return (
    <>
      <ul className="flex flex-col gap-1">
        {all.map((call) => (
          <Row key={call.id} call={call} />
        ))}
      </ul>
      {log.hasNextPage && (
        <div className="flex justify-center p-4">
          <Button look="plain" disabled={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function Row({ call }: { call: LoggedCall }) {
  const desk = useDesk();
  const { calls } = useCalls();
  const me = useModel((model) => model.me.id);
  const known = useModel((model) => model.conversations.has(call.conversation_id));
  const { name, user } = useWith({ caller: call.caller_id, conversation: call.conversation_id });
  const person = usePerson(user);
  const missed = isMissed(call, me);
  const Icon = missed ? PhoneMissed : call.caller_id === me ? PhoneOutgoing : PhoneIncoming;
  return (
    <li className="flex items-center gap-3 rounded-xl p-3 hover:bg-hover">
      <Avatar id={user ?? call.conversation_id} name={name} picture={person?.avatar} square={user === null} />
      <Link href={places.conversation(call.conversation_id)} className="min-w-0 flex-1">
        <span dir="auto" className={cn("block truncate text-left font-medium text-sm", missed && "text-danger")}>
          {name}
        </span>
        <span className="flex items-center gap-1.5 text-[13px] text-soft">
          <Icon className="size-3.5 shrink-0" aria-hidden />
          {call.video && <Video className="size-3.5 shrink-0" aria-label="with video" />}
          <span className="truncate">{whatBecame(call, me)}</span>
        </span>
      </Link>
      <time dateTime={call.started_at} title={fullTime(call.started_at)} className="shrink-0 text-soft text-xs">
        {ago(call.started_at)}
      </time>
      {known && (
        <Tooltip label="Call" side="top">
          <Button
            look="ghost"
            size="icon"
            aria-label={`Call ${name}`}
            disabled={desk === null || calls.some((other) => other.conversation === call.conversation_id)}
            onClick={() => desk?.start(call.conversation_id, call.video)}
          >
            <Phone />
          </Button>
        </Tooltip>
      )}
    </li>
  );
}
