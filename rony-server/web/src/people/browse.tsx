/** The public groups: anybody here may find and join them. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { ArrowLeft, Hash, Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { toast } from "sonner";
import { Link } from "wouter";
import { api, call, explain } from "@/api/client";
import type { ConversationView } from "@/api/types";
import { useModel } from "@/client/hooks";
import { places, useNavigate } from "@/lib/navigate";
import { openOverlay } from "@/shell/overlays";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Screen } from "@/ui/screen";
import { SearchField } from "@/ui/search-field";
import { Empty, Failed, Loading } from "@/ui/states";

export default function Browse() {
  const [text, setText] = useState("");
  const query = useDeferredValue(text.trim());
  const found = useInfiniteQuery({
    queryKey: ["public", query],
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/conversations", {
          params: { query: { scope: "public", query: query || undefined, cursor: pageParam, limit: 50 } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  const start = (
    <Button look="ghost" size="small" onClick={() => openOverlay({ kind: "new", what: "group" })}>
      <Plus className="size-4" />
      Start a group
    </Button>
  );
  return (
    <Screen title="Public groups" before={<Back />} actions={start}>
      <div className="mx-auto max-w-2xl p-4">
        <SearchField label="Find a group" value={text} onChange={({ target }) => setText(target.value)} />
        {found.isPending ? (
          <Loading />
        ) : found.isError ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : (
          <Groups groups={found.data.pages.flatMap((page) => page.items)} query={query} />
        )}
        {found.hasNextPage && (
          <div className="mt-4 flex justify-center">
            <Button look="plain" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              Show more
            </Button>
          </div>
        )}
      </div>
    </Screen>
  );
}

function Back() {
  return (
    <Button asChild look="ghost" size="icon" className="-ml-2 md:hidden">
      <Link href={places.home} aria-label="Back to chats">
        <ArrowLeft />
      </Link>
    </Button>
  );
}

function Groups({ groups, query }: { groups: readonly ConversationView[]; query: string }) {
  if (groups.length === 0) {
    return (
      <Empty icon={<Hash />} title={query === "" ? "No public groups yet" : "Nothing is called so"}>
        <p>
          {query === ""
            ? "Start one: anybody here can find it and join."
            : "Try another word, or start the group yourself."}
        </p>
        <Button look="plain" onClick={() => openOverlay({ kind: "new", what: "group" })}>
          Start a group
        </Button>
      </Empty>
    );
  }
  return (
    <ul className="mt-3 flex flex-col gap-1">
      {groups.map((group) => (
        <Group key={group.id} group={group} />
      ))}
    </ul>
  );
}

function Group({ group }: { group: ConversationView }) {
  const navigate = useNavigate();
  const member = useModel((model) => model.conversations.has(group.id));
  const [busy, setBusy] = useState(false);
  const count = group.member_count === 1 ? "1 person" : `${group.member_count} people`;

  async function join() {
    setBusy(true);
    try {
      await call(api.POST("/conversations/{id}/join", { params: { path: { id: group.id } } }));
      navigate(places.conversation(group.id));
    } catch (error) {
      toast.error(explain(error));
      setBusy(false);
    }
  }

  return (
    <li className="flex items-center gap-3 rounded-xl px-2 py-2.5 hover:bg-hover">
      <Avatar id={group.id} name={group.title || "Group"} icon={group.icon || undefined} square />
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate text-left font-medium text-sm">
          {group.title || "Group without a name"}
        </p>
        <p className="truncate text-[13px] text-soft">
          {count}
          {group.topic && <span dir="auto"> · {group.topic}</span>}
        </p>
      </div>
      {member ? (
        <Button asChild look="plain" size="small">
          <Link href={places.conversation(group.id)} aria-label={`Open ${group.title}`}>
            Open
          </Link>
        </Button>
      ) : (
        <Button size="small" disabled={busy} onClick={() => void join()} aria-label={`Join ${group.title}`}>
          Join
        </Button>
      )}
    </li>
  );
}
