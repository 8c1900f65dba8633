/** Where one goes anywhere by writing a few letters: conversations, people, things to do. */
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useMemo, useState } from "react";
import { toast } from "sonner";
import { api, call, explain } from "@/api/client";
import { useModel } from "@/client/hooks";
import { OWN_DOOR } from "@/files/door";
import { Thumb } from "@/files/thumb";
import { places, useNavigate } from "@/lib/navigate";
import { conversationTitle } from "@/model/naming";
import { openDirect } from "@/people/direct";
import { Avatar, PresenceDot } from "@/ui/avatar";
import { Badge } from "@/ui/badge";
import { calls, fold, isUnread } from "./order";
import { useActions } from "./palette-actions";

const MOST = 8;

export default function PaletteBox({ close }: { close: () => void }) {
  const [text, setText] = useState("");
  const query = text.trim();
  const navigate = useNavigate();

  function go(place: string) {
    close();
    navigate(place);
  }

  return (
    <Radix.Root open onOpenChange={close}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[max(0.75rem,env(safe-area-inset-top))] z-50 mx-auto max-w-xl overflow-hidden rounded-2xl border bg-raised shadow-2xl sm:top-[14vh]"
        >
          <Radix.Title className="sr-only">Go anywhere</Radix.Title>
          <Command shouldFilter={false} loop label="Go anywhere">
            <div className="flex items-center gap-3 border-border border-b px-4">
              <Search className="size-5 shrink-0 text-soft" aria-hidden />
              <Command.Input
                autoFocus
                value={text}
                onValueChange={setText}
                placeholder="Go to a conversation or a person, or do something"
                className="h-14 w-full bg-transparent outline-none placeholder:text-soft"
              />
            </div>
            <Command.List className="max-h-[min(26rem,60dvh)] overflow-y-auto p-2 outline-none">
              <Command.Empty className="p-6 text-center text-soft text-sm">Nothing is called so.</Command.Empty>
              <Conversations query={query} go={go} />
              {query !== "" && <People query={query} go={go} close={close} />}
              {query !== "" && <Files query={query} go={go} />}
              <Actions query={query} go={go} close={close} />
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface PartProps {
  query: string;
  go: (place: string) => void;
}

function Conversations({ query, go }: PartProps) {
  const model = useModel((all) => all);
  const found = useMemo(() => {
    const wanted = fold(query);
    const rank = (title: string) => {
      const at = fold(title).indexOf(wanted);
      return at < 0 ? 3 : at === 0 ? 0 : /[\s_.-]/.test(title[at - 1] ?? "") ? 1 : 2;
    };
    return [...model.conversations.values()]
      .map((view) => {
        const title = conversationTitle(model, view);
        return { view, title, rank: query === "" ? (isUnread(view) ? 0 : 1) : rank(title) };
      })
      .filter((one) => one.rank < 3)
      .sort((a, b) => a.rank - b.rank || newest(b.view).localeCompare(newest(a.view)))
      .slice(0, MOST);
  }, [model, query]);
  if (found.length === 0) return null;
  return (
    <Group heading="Conversations">
      {found.map(({ view, title }) => (
        <Item key={view.id} value={view.id} onSelect={() => go(places.conversation(view.id))}>
          <span className="relative">
            <Avatar
              id={view.peer_id ?? view.id}
              name={title}
              picture={view.peer_id ? model.people.get(view.peer_id)?.avatar : null}
              icon={view.icon || undefined}
              square={view.kind === "group"}
              size="small"
            />
            {view.peer_id && (
              <PresenceDot user={view.peer_id} className="-right-0.5 -bottom-0.5 absolute ring-2 ring-raised" />
            )}
          </span>
          <span dir="auto" className="min-w-0 flex-1 truncate">
            {title}
          </span>
          <Badge count={view.unread} of="unread" look={calls(view) > 0 ? "strong" : "quiet"} />
        </Item>
      ))}
    </Group>
  );
}

function newest(view: { last_message?: { created_at: string } | null; created_at: string }): string {
  return view.last_message?.created_at ?? view.created_at;
}

function People({ query, go, close }: PartProps & { close: () => void }) {
  const me = useModel((model) => model.me.id);
  const known = useModel((model) => model.conversations);
  const found = useQuery({
    queryKey: ["people", query],
    queryFn: () => call(api.GET("/users", { params: { query: { query, limit: MOST } } })),
    placeholderData: (before) => before,
  });
  const peers = new Set([...known.values()].map((view) => view.peer_id));
  const people = (found.data?.items ?? []).filter(({ id }) => id !== me && !peers.has(id));
  if (people.length === 0) return null;
  return (
    <Group heading="People">
      {people.map((person) => (
        <Item
          key={person.id}
          value={person.id}
          onSelect={() => {
            close();
            openDirect(person.id).then(go, (error) => toast.error(explain(error)));
          }}
        >
          <Avatar id={person.id} name={person.display_name} picture={person.avatar} size="small" />
          <span className="min-w-0 flex-1 truncate">
            <span dir="auto">{person.display_name}</span> <span className="text-soft">@{person.username}</span>
          </span>
        </Item>
      ))}
    </Group>
  );
}

function Files({ query, go }: PartProps) {
  const found = useQuery({
    queryKey: ["files", "palette", query],
    queryFn: () => OWN_DOOR.list({ query, limit: MOST }),
    placeholderData: (before) => before,
  });
  const items = (found.data?.items ?? []).slice(0, MOST);
  if (items.length === 0) return null;
  return (
    <Group heading="Files">
      {items.map((item) => (
        <Item
          key={item.id}
          value={item.id}
          onSelect={() => go(item.kind === "folder" ? places.folder(item.id) : places.file(item.id))}
        >
          <Thumb item={item} />
          <span dir="auto" className="min-w-0 flex-1 truncate">
            {item.name}
          </span>
        </Item>
      ))}
    </Group>
  );
}

function Actions({ query, go, close }: PartProps & { close: () => void }) {
  const actions = useActions(query);
  if (actions.length === 0) return null;
  return (
    <Group heading="Do something">
      {actions.map(({ label, icon: Icon, place, run }) => (
        <Item
          key={label}
          value={label}
          onSelect={() => {
            if (place !== undefined) return go(place);
            close();
            run?.();
          }}
        >
          <span className="flex size-7 items-center justify-center text-soft">
            <Icon className="size-[18px]" aria-hidden />
          </span>
          {label}
        </Item>
      ))}
    </Group>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-soft [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  );
}

function Item(props: React.ComponentProps<typeof Command.Item>) {
  return (
    <Command.Item
      {...props}
      className="flex min-h-11 cursor-default select-none items-center gap-3 rounded-lg px-2.5 text-sm data-[selected=true]:bg-hover"
    />
  );
}
