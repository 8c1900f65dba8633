import { useQuery } from "@tanstack/react-query";
import { DoorOpen, MessageCircleOff } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { ApiError, api, call } from "@/api/client";
import { places } from "@/lib/navigate";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Empty, Failed, Loading } from "@/ui/states";
import { attempt } from "./acts";

/** A conversation that one is not in: to be joined where it is public. */
export function Outside({ id }: { id: string }) {
  const [busy, setBusy] = useState(false);
  const asked = useQuery({
    queryKey: ["conversation", id],
    queryFn: () => call(api.GET("/conversations/{id}", { params: { path: { id } } })),
    retry: false,
  });
  if (asked.isPending) return <Loading />;
  if (asked.isError) {
    if (!(asked.error instanceof ApiError) || asked.error.status < 400 || asked.error.status >= 500)
      return <Failed error={asked.error} retry={() => void asked.refetch()} alone />;
    return (
      <Empty icon={<MessageCircleOff />} title="This conversation is not here" alone>
        <p>It was deleted, or you are not in it. Ask somebody who is to add you.</p>
        <Button asChild look="plain">
          <Link href={places.home}>To your chats</Link>
        </Button>
      </Empty>
    );
  }
  const { title, icon, topic, member_count, archived_at, role } = asked.data;
  if (role) return <Loading />;

  async function join() {
    setBusy(true);
    await attempt(call<unknown>(api.POST("/conversations/{id}/join", { params: { path: { id } } })));
    setBusy(false);
  }
  return (
    <div className="flex h-full flex-col items-center justify-center gap-3 p-8 text-center">
      <Avatar id={id} name={title || "Group"} icon={icon || undefined} square size="large" />
      <h1 dir="auto" className="font-semibold text-xl tracking-tight">
        {title || "Group without a name"}
      </h1>
      <p dir="auto" className="max-w-md text-soft">
        {topic || (member_count === 1 ? "1 person is in it." : `${member_count} people are in it.`)}
      </p>
      {archived_at ? (
        <p className="text-soft text-sm">It is archived: nobody can join it any more.</p>
      ) : (
        <Button disabled={busy} onClick={() => void join()}>
          <DoorOpen className="size-4" /> Join
        </Button>
      )}
      <Button asChild look="link" size="inline">
        <Link href={places.browse}>See other public groups</Link>
      </Button>
    </div>
  );
}
