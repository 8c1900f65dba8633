import { Link } from "wouter";
import type { components } from "@/api/schema";
import type { User } from "@/api/types";
import { useModel, usePerson, usePersonName } from "@/client/hooks";
import { places } from "@/lib/navigate";
import { fullTime, shortTime } from "@/lib/time";
import { useConversationTitle } from "@/model/naming";
import { Avatar } from "@/ui/avatar";

type Hit = components["schemas"]["Page_MessageHit"]["items"][number];

/** A message that was found, with what was looked for marked. */
export function MessageHit({ hit: { message, snippet } }: { hit: Hit }) {
  const view = useModel((model) => model.conversations.get(message.conversation_id));
  const title = useConversationTitle(view);
  const sender = usePerson(message.sender_id);
  const name = usePersonName(message.sender_id);
  const place = message.thread_id
    ? places.thread(message.conversation_id, message.thread_id)
    : places.message(message.conversation_id, message.seq);
  return (
    <li>
      <Link href={place} className="flex gap-3 rounded-xl p-3 hover:bg-hover">
        <Avatar id={message.sender_id} name={name} picture={sender?.avatar} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2 text-sm">
            <span className="min-w-0 flex-1 truncate">
              <b dir="auto" className="font-semibold">
                {name}
              </b>
              <span className="text-soft">
                {view?.kind === "direct" ? " · direct message" : " · "}
                {view?.kind === "group" && <span dir="auto">{title}</span>}
                {message.thread_id && " · in a thread"}
              </span>
            </span>
            <time
              dateTime={message.created_at}
              title={fullTime(message.created_at)}
              className="shrink-0 text-soft text-xs"
            >
              {shortTime(message.created_at)}
            </time>
          </span>
          <span dir="auto" className="mt-0.5 line-clamp-3 break-words text-left text-sm">
            <Snippet parts={snippet} />
          </span>
        </span>
      </Link>
    </li>
  );
}

function Snippet({ parts }: { parts: Hit["snippet"] }) {
  let offset = 0;
  return parts.map((part) => {
    const key = offset;
    offset += part.text.length + 1;
    return part.hit ? (
      <mark key={key} className="rounded-sm bg-mention px-0.5 font-medium text-mention-text">
        {part.text}
      </mark>
    ) : (
      <span key={key}>{part.text}</span>
    );
  });
}

/** Somebody who was found. */
export function PersonHit({ person }: { person: User }) {
  return (
    <li>
      <Link href={places.person(person.id)} className="flex items-center gap-3 rounded-xl px-3 py-2 hover:bg-hover">
        <Avatar id={person.id} name={person.display_name} picture={person.avatar} />
        <span className="min-w-0">
          <span dir="auto" className="block truncate text-left font-medium text-sm">
            {person.display_name}
          </span>
          <span className="block truncate text-[13px] text-soft">
            @{person.username}
            {person.title && <span dir="auto"> · {person.title}</span>}
          </span>
        </span>
      </Link>
    </li>
  );
}
