/** The conversations that one is in, and the way to new ones. */
import { Hash, MessageCirclePlus, Plus, Search, UserPlus, UserRoundPlus, X } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useClient, useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { useNarrow } from "@/lib/narrow";
import { places, useNavigate } from "@/lib/navigate";
import { Button } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { AskToNotify } from "./ask-to-notify";
import { ListRows } from "./list-rows";
import { type Section, sections } from "./order";
import { openOverlay } from "./overlays";

export function ConversationList({ className }: { className?: string }) {
  const [filter, setFilter] = useState("");
  const found = useSections(filter);
  // The same function each time: a row is drawn again only when something in it changes.
  const leave = useCallback(() => setFilter(""), []);
  const [at] = useLocation();
  // On a phone the list is all that is seen at home.
  const alone = useNarrow() && at === places.home;
  return (
    <section
      role={alone ? "main" : undefined}
      aria-label="Conversations"
      className={cn("flex shrink-0 flex-col border-border bg-sidebar md:border-r", className)}
    >
      <div className="flex h-14 shrink-0 items-center justify-between pr-2 pl-4">
        <h2 aria-level={alone ? 1 : 2} className="font-semibold text-lg tracking-tight">
          Chats
        </h2>
        <NewMenu />
      </div>
      <Filter value={filter} change={setFilter} />
      {found.length === 0 ? (
        <Nothing filtered={filter !== ""} />
      ) : (
        <ListRows found={found} filtered={filter !== ""} leave={leave} level={alone ? 2 : 3} />
      )}
      <AskToNotify />
    </section>
  );
}

/** The sections, made anew only when something in them may be different. */
function useSections(filter: string): Section[] {
  const client = useClient();
  const conversations = useModel((model) => model.conversations);
  // Names matter only to what is looked for by name.
  const named = useModel((model) => (filter === "" ? null : model));
  const found = useMemo(() => sections(named ?? { conversations }, filter), [named, conversations, filter]);
  const peers = useMemo(
    () => [...conversations.values()].flatMap((view) => (view.peer_id ? [view.peer_id] : [])).join(),
    [conversations],
  );
  useEffect(() => client.watchAlso("list", peers === "" ? [] : peers.split(",")), [client, peers]);
  return found;
}

function NewMenu() {
  const navigate = useNavigate();
  const administrator = useModel((model) => model.me.role === "administrator");
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label="New conversation">
          <Plus />
        </Button>
      }
    >
      <MenuItem onSelect={() => openOverlay({ kind: "new", what: "direct" })}>
        <MessageCirclePlus />
        Write to somebody
      </MenuItem>
      <MenuItem onSelect={() => openOverlay({ kind: "new", what: "group" })}>
        <UserRoundPlus />
        Start a group
      </MenuItem>
      <MenuItem onSelect={() => navigate(places.browse)}>
        <Hash />
        Browse public groups
      </MenuItem>
      {administrator && (
        <>
          <MenuSeparator />
          <MenuItem onSelect={() => openOverlay({ kind: "invite" })}>
            <UserPlus />
            Invite people
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

function Filter({ value, change }: { value: string; change: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="relative mx-3 mb-2">
      <Search className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-4 text-soft" aria-hidden />
      <input
        ref={input}
        type="search"
        aria-label="Find a conversation"
        placeholder="Find a conversation"
        value={value}
        onChange={({ target }) => change(target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value !== "") {
            event.stopPropagation();
            change("");
          } else if (event.key === "ArrowDown" || (event.key === "Enter" && !event.nativeEvent.isComposing)) {
            const first = event.currentTarget
              .closest("[aria-label=Conversations]")
              ?.querySelector<HTMLElement>("a[data-row]");
            if (event.key === "Enter") first?.click();
            else first?.focus();
            event.preventDefault();
          }
        }}
        className="h-9 w-full rounded-lg border border-transparent bg-hover pr-8 pl-8.5 text-sm placeholder:text-soft focus:border-strong focus:bg-background [&::-webkit-search-cancel-button]:hidden"
      />
      {value !== "" && (
        <Button
          look="ghost"
          size="icon-small"
          aria-label="Show all conversations"
          className="-translate-y-1/2 absolute top-1/2 right-1"
          onClick={() => {
            change("");
            input.current?.focus();
          }}
        >
          <X />
        </Button>
      )}
    </div>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  return (
    <div className="flex flex-1 flex-col items-center gap-3 px-6 py-10 text-center text-soft text-sm">
      <p>{filtered ? "No conversation of yours is called so." : "You are in no conversation yet."}</p>
      <Button look="plain" size="small" onClick={() => openOverlay({ kind: "new", what: "direct" })}>
        Write to somebody
      </Button>
    </div>
  );
}
