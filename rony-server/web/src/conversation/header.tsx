import { ArrowLeft, BellOff, Info, Pin, Search, Star, Users, Video } from "lucide-react";
import { Link } from "wouter";
import { CallButton, useMayCall } from "@/call/button";
import { useModel, usePerson } from "@/client/hooks";
import { places, useNavigate } from "@/lib/navigate";
import { ago } from "@/lib/time";
import { useConversationTitle } from "@/model/naming";
import { useMeet } from "@/rooms/use-meet";
import { isMuted } from "@/shell/order";
import { openOverlay } from "@/shell/overlays";
import { Avatar, PresenceDot } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Tooltip } from "@/ui/tooltip";
import { keep } from "./acts";
import { KeepMenu } from "./keep-menu";
import { rights } from "./rights";
import { type Pane, useTalk } from "./talk";

interface Props {
  pane: Pane;
  show: (pane: Pane) => void;
}

/** What or whom one talks to, and what one can do with all of it. */
export function Header({ pane, show }: Props) {
  const { view } = useTalk();
  const title = useConversationTitle(view);
  const navigate = useNavigate();
  const pins = useModel((model) => model.pins.get(view.id)?.length ?? 0);
  const toggle = (which: Pane) => show(pane === which ? null : which);
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b pr-2 pl-4 max-md:pl-1">
      <Button asChild look="ghost" size="icon" className="md:hidden">
        <Link href={places.home} aria-label="Back to chats">
          <ArrowLeft />
        </Link>
      </Button>
      {/* All of it can be clicked; the heading is no part of the button, which would hide it from those who do not see it. */}
      <div className="relative flex min-w-0 flex-1 items-center gap-3 py-1 pr-2">
        <Face title={title} />
        <div className="min-w-0">
          <h1 className="flex items-center gap-1.5 font-semibold leading-5">
            <button
              type="button"
              dir="auto"
              className="min-w-0 truncate rounded-sm text-left after:absolute after:inset-0"
              onClick={() => (view.peer_id ? openOverlay({ kind: "person", id: view.peer_id }) : toggle("details"))}
            >
              {title}
            </button>
            {isMuted(view) && <BellOff className="size-3.5 shrink-0 text-soft" aria-label="muted" />}
          </h1>
          <Below />
        </div>
      </div>
      <CallButton />
      <MeetButton />
      <Tooltip label="Search here" side="bottom">
        <Button look="ghost" size="icon" aria-label="Search here" onClick={() => navigate(places.search("", view.id))}>
          <Search />
        </Button>
      </Tooltip>
      <Tooltip label={view.favorite ? "Remove from favourites" : "Add to favourites"} side="bottom">
        <Button
          look="ghost"
          size="icon"
          aria-label="Favourite"
          aria-pressed={view.favorite}
          className="max-sm:hidden"
          onClick={() => void keep(view.id, { favorite: !view.favorite })}
        >
          <Star className={view.favorite ? "fill-current text-warn" : undefined} />
        </Button>
      </Tooltip>
      <Tooltip label="Pinned messages" side="bottom">
        <Button
          look="ghost"
          size="icon"
          aria-label={`Pinned messages, ${pins}`}
          aria-pressed={pane === "pins"}
          className={pane === "pins" ? "bg-selected text-link" : undefined}
          onClick={() => toggle("pins")}
        >
          <Pin />
        </Button>
      </Tooltip>
      <KeepMenu view={view} title={title} details={() => show("details")} />
      <Tooltip label="Details" side="bottom">
        <Button
          look="ghost"
          size="icon"
          aria-label="Details"
          aria-pressed={pane === "details"}
          className={pane === "details" ? "bg-selected text-link" : "max-sm:hidden"}
          onClick={() => toggle("details")}
        >
          {view.kind === "group" ? <Users /> : <Info />}
        </Button>
      </Tooltip>
    </header>
  );
}

/** One click to a meeting with those who are here. */
function MeetButton() {
  const { view } = useTalk();
  const { meet, busy } = useMeet();
  const mayCall = useMayCall();
  const person = usePerson(view.peer_id);
  if (!rights(view).write || person?.bot || (view.kind !== "group" && !view.peer_id)) return null;
  return (
    <Tooltip label="Start a meeting" side="bottom">
      <Button
        look="ghost"
        size="icon"
        aria-label="Start a meeting"
        // On a phone it stands among the ways to call.
        className={mayCall ? "max-sm:hidden" : undefined}
        disabled={busy}
        onClick={() => void meet(view)}
      >
        <Video />
      </Button>
    </Tooltip>
  );
}

function Face({ title }: { title: string }) {
  const { view } = useTalk();
  const person = usePerson(view.peer_id);
  if (view.kind === "group") return <Avatar id={view.id} name={title} icon={view.icon || undefined} square />;
  return (
    <span className="relative shrink-0">
      <Avatar id={view.peer_id ?? view.id} name={person?.display_name ?? title} picture={person?.avatar} />
      {view.peer_id && !person?.bot && (
        <PresenceDot user={view.peer_id} className="-right-0.5 -bottom-0.5 absolute ring-2 ring-background" />
      )}
    </span>
  );
}

const WORDS = { online: "Online", away: "Away", busy: "Busy", offline: "Offline" } as const;

/** What stands below the title. */
function Below() {
  const { view } = useTalk();
  const person = usePerson(view.peer_id);
  const presence = useModel((model) => (view.peer_id ? model.presence.get(view.peer_id) : undefined));
  const look = "block truncate text-left text-soft text-[13px] leading-4";
  if (view.kind === "group") {
    const count = view.member_count === 1 ? "1 member" : `${view.member_count} members`;
    return (
      <span dir="auto" className={look}>
        {count}
        {view.topic && ` · ${view.topic}`}
      </span>
    );
  }
  if (!view.peer_id) return <span className={look}>Only you see what you write here</span>;
  if (person?.bot) return <span className={look}>A program</span>;
  const status = presence?.status ?? "offline";
  const seen = status === "offline" && presence?.since ? `Last seen ${ago(presence.since)}` : WORDS[status];
  const text = presence?.text || person?.status_text;
  return (
    <span dir="auto" className={look}>
      {seen}
      {text && ` · ${text}`}
    </span>
  );
}
