import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, call } from "@/api/client";
import type { ConversationView } from "@/api/types";
import { useModel } from "@/client/hooks";
import { personName } from "@/model/naming";
import { Avatar } from "@/ui/avatar";

/** The server tells of read marks in conversations up to this size. */
const MOST_MEMBERS = 50;
const SHOWN = 4;

/** Who has read up to which message, by its ordinal; null where that is not told. */
export function useReaders(view: ConversationView, thread?: string): ReadonlyMap<number, readonly string[]> | null {
  const told = !thread && view.member_count <= MOST_MEMBERS;
  const me = useModel((model) => model.me.id);
  const moved = useModel((model) => model.marks.get(view.id));
  const asked = useQuery({
    queryKey: ["read", view.id],
    queryFn: () =>
      call(api.GET("/conversations/{conversation_id}/read", { params: { path: { conversation_id: view.id } } })),
    enabled: told,
    retry: false,
  });
  return useMemo(() => {
    if (!told) return null;
    const marks = new Map<string, number>();
    for (const { user_id, ordinal } of asked.data?.items ?? []) marks.set(user_id, ordinal);
    for (const [user, ordinal] of moved ?? []) marks.set(user, Math.max(ordinal, marks.get(user) ?? 0));
    marks.delete(me);
    const readers = new Map<number, string[]>();
    for (const [user, ordinal] of marks) readers.set(ordinal, [...(readers.get(ordinal) ?? []), user]);
    return readers;
  }, [told, asked.data, moved, me]);
}

/** Small pictures of those who have read up to here. */
export function Readers({ users, sender }: { users: readonly string[]; sender: string }) {
  const others = users.filter((user) => user !== sender);
  const words = useModel((model) => others.map((user) => personName(model, user)).join(", "));
  if (others.length === 0) return null;
  return (
    <div className="absolute right-4 bottom-0.5 flex items-center" title={`Read by ${words}`}>
      <span className="sr-only">Read by {words}</span>
      {others.slice(0, SHOWN).map((user) => (
        <Reader key={user} user={user} />
      ))}
      {others.length > SHOWN && <span className="ml-1 text-[10px] text-soft">+{others.length - SHOWN}</span>}
    </div>
  );
}

function Reader({ user }: { user: string }) {
  const person = useModel((model) => model.people.get(user));
  return (
    <Avatar
      id={user}
      name={person?.display_name ?? ""}
      picture={person?.avatar}
      className="-ml-1 size-4 text-[7px] ring-2 ring-background"
    />
  );
}
