import { Pencil, UserPlus } from "lucide-react";
import { usePerson } from "@/client/hooks";
import { useConversationTitle } from "@/model/naming";
import { openOverlay } from "@/shell/overlays";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { useTalk } from "./talk";

/** What stands above the first message of a conversation: what it is, and what to begin with. */
export function Beginning({ details }: { details: () => void }) {
  const { view, rights } = useTalk();
  const title = useConversationTitle(view);
  const person = usePerson(view.peer_id);
  const notes = view.kind === "direct" && !view.peer_id;
  const words =
    view.kind === "group"
      ? view.topic || "This is where it begins. Say hello!"
      : notes
        ? "Only you see what you write here: a place for notes, links and lists."
        : `This is where your conversation with ${title} begins. Only the two of you see it.`;
  return (
    <div className="px-4 pt-10 pb-4">
      {view.kind === "group" ? (
        <Avatar id={view.id} name={title} icon={view.icon || undefined} square size="large" />
      ) : (
        <Avatar
          id={view.peer_id ?? view.id}
          name={person?.display_name ?? title}
          picture={person?.avatar}
          size="large"
        />
      )}
      <h2 dir="auto" className="mt-3 text-left font-semibold text-xl tracking-tight">
        {title}
      </h2>
      <p dir="auto" className="mt-1 max-w-prose text-left text-soft">
        {words}
      </p>
      {view.history === "since_join" && view.kind === "group" && (
        <p className="mt-1 text-soft text-sm">Newcomers see only what is written after they came.</p>
      )}
      {view.kind === "group" && (rights.invite || rights.manage) && (
        <div className="mt-4 flex flex-wrap gap-2">
          {rights.invite && (
            <Button look="plain" size="small" onClick={() => openOverlay({ kind: "invite", conversation: view.id })}>
              <UserPlus className="size-4" /> Invite people
            </Button>
          )}
          {rights.manage && !view.general && (
            <Button look="plain" size="small" onClick={details}>
              <Pencil className="size-4" /> Name and topic
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
