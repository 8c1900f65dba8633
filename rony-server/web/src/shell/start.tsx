/** What stands beside the list while no conversation is open. */
import { Hash, MessageCirclePlus, UserPlus, UserRoundPlus } from "lucide-react";
import type { ReactNode } from "react";
import { useModel } from "@/client/hooks";
import { places, useNavigate } from "@/lib/navigate";
import { Logo } from "@/ui/logo";
import { openOverlay } from "./overlays";
import { MAIN_KEY } from "./shortcuts";

export function Start() {
  const me = useModel((model) => model.me);
  const navigate = useNavigate();
  const unread = useModel((model) => [...model.conversations.values()].filter((view) => view.unread > 0).length);
  return (
    <div className="flex h-full flex-col items-center overflow-y-auto p-8">
      <div className="my-auto w-full max-w-xl">
        <Logo className="size-12" />
        <h1 dir="auto" className="mt-5 font-semibold text-2xl tracking-tight">
          Hello {me.display_name}
        </h1>
        <p className="mt-1 text-soft">
          {unread === 0
            ? "You have read everything. Choose a conversation on the left, or begin something new."
            : unread === 1
              ? "One conversation has something new for you."
              : `${unread} conversations have something new for you.`}
        </p>
        <div className="mt-8 grid gap-3 sm:grid-cols-2">
          <Card
            icon={<MessageCirclePlus />}
            title="Write to somebody"
            text="A conversation of the two of you."
            onClick={() => openOverlay({ kind: "new", what: "direct" })}
          />
          <Card
            icon={<UserRoundPlus />}
            title="Start a group"
            text="For a team, a project, a topic."
            onClick={() => openOverlay({ kind: "new", what: "group" })}
          />
          <Card
            icon={<Hash />}
            title="Browse public groups"
            text="See what others talk about, and join in."
            onClick={() => navigate(places.browse)}
          />
          {me.role === "administrator" ? (
            <Card
              icon={<UserPlus />}
              title="Invite people"
              text="Make a link by which others come in."
              onClick={() => openOverlay({ kind: "invite" })}
            />
          ) : (
            <Card
              icon={<UserPlus />}
              title="Find people"
              text="Add those you often write to."
              onClick={() => navigate(places.people)}
            />
          )}
        </div>
        <p className="mt-8 text-soft text-sm max-md:hidden">
          <kbd className="rounded border bg-muted px-1.5 py-0.5 font-sans text-xs">{MAIN_KEY} K</kbd> brings you
          anywhere · <kbd className="rounded border bg-muted px-1.5 py-0.5 font-sans text-xs">{MAIN_KEY} /</kbd> lists
          all shortcuts
        </p>
      </div>
    </div>
  );
}

interface CardProps {
  icon: ReactNode;
  title: string;
  text: string;
  onClick: () => void;
}

function Card({ icon, title, text, onClick }: CardProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex items-start gap-3 rounded-xl border bg-raised p-4 text-left transition-colors hover:bg-hover"
    >
      <span className="rounded-lg bg-selected p-2 text-link [&_svg]:size-5" aria-hidden>
        {icon}
      </span>
      <span>
        <span className="block font-medium">{title}</span>
        <span className="block text-soft text-sm">{text}</span>
      </span>
    </button>
  );
}
