import { useInfiniteQuery } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useMemo, useState } from "react";
import { api, call } from "@/api/client";
import type { Member } from "@/api/types";
import { useModel, usePerson, usePersonName } from "@/client/hooks";
import { openOverlay } from "@/shell/overlays";
import { Avatar, PresenceDot } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "@/ui/menu";
import { attempt } from "../acts";
import { givable, outranks, ROLE_WORDS } from "../rights";
import { useTalk } from "../talk";

/** With more members than these, the snapshot has only some of them. */
const IN_SNAPSHOT = 200;
const RANK = { owner: 0, admin: 1, member: 2, guest: 3 };

/** Who is in it. */
export function Members() {
  const { view } = useTalk();
  const known = useModel((model) => model.members.get(view.id));
  const large = view.member_count > IN_SNAPSHOT;
  const pages = useInfiniteQuery({
    queryKey: ["members", view.id],
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/conversations/{id}/members", {
          params: { path: { id: view.id }, query: { limit: 100, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: large,
  });
  const members = useMemo(() => {
    const all = large ? (pages.data?.pages.flatMap((page) => page.items) ?? []) : [...(known ?? [])];
    if (large) return all;
    return all.sort((a, b) => RANK[a.role] - RANK[b.role] || a.display_name.localeCompare(b.display_name));
  }, [large, pages.data, known]);
  return (
    <>
      <ul className="-mx-2">
        {members.map((member) => (
          <Row key={member.user_id} member={member} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button look="plain" size="small" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function Row({ member }: { member: Member }) {
  const { view } = useTalk();
  const me = useModel((model) => model.me.id);
  const person = usePerson(member.user_id);
  const name = usePersonName(member.user_id);
  const own = member.user_id === me;
  return (
    <li className="flex items-center gap-1 rounded-lg pr-1 hover:bg-hover">
      <button
        type="button"
        className="flex min-w-0 flex-1 items-center gap-2.5 rounded-lg px-2 py-1.5 text-left"
        onClick={() => openOverlay({ kind: "person", id: member.user_id })}
      >
        <span className="relative">
          <Avatar id={member.user_id} name={member.display_name} picture={person?.avatar} size="small" />
          {!person?.bot && (
            <PresenceDot user={member.user_id} className="-right-0.5 -bottom-0.5 absolute ring-2 ring-background" />
          )}
        </span>
        <span dir="auto" className="min-w-0 flex-1 truncate text-sm">
          {name}
          {own && <span className="text-soft"> (you)</span>}
        </span>
        {member.role !== "member" && <span className="text-soft text-xs">{ROLE_WORDS[member.role]}</span>}
      </button>
      {!own && outranks(view.role, member.role) && <RoleMenu member={member} name={name} />}
    </li>
  );
}

function RoleMenu({ member: { user_id, role }, name }: { member: Member; name: string }) {
  const { view } = useTalk();
  const [removing, setRemoving] = useState(false);
  const params = { path: { id: view.id, user_id } };
  return (
    <>
      <Menu
        trigger={
          <Button look="ghost" size="icon-small" aria-label={`More for ${name}`}>
            <Ellipsis />
          </Button>
        }
      >
        <MenuLabel>Role</MenuLabel>
        {givable(view.role).map((one) => (
          <MenuChoice
            key={one}
            checked={role === one}
            onSelect={() =>
              void attempt(
                call<unknown>(api.PATCH("/conversations/{id}/members/{user_id}", { params, body: { role: one } })),
              )
            }
          >
            {ROLE_WORDS[one]}
          </MenuChoice>
        ))}
        {!view.general && (
          <>
            <MenuSeparator />
            <MenuItem danger onSelect={() => setRemoving(true)}>
              Remove…
            </MenuItem>
          </>
        )}
      </Menu>
      {removing && (
        <Confirm
          title={`Remove ${name}?`}
          action="Remove"
          danger
          run={() => call<unknown>(api.DELETE("/conversations/{id}/members/{user_id}", { params }))}
          close={() => setRemoving(false)}
        >
          What they wrote stays. They can be added again.
        </Confirm>
      )}
    </>
  );
}
