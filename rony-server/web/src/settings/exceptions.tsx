/** Conversations of which one wants to be told otherwise than usual. */
import { toast } from "sonner";
import { Link } from "wouter";
import { api, call, explain } from "@/api/client";
import type { ConversationView, MemberSettings } from "@/api/types";
import { useModel } from "@/client/hooks";
import { places } from "@/lib/navigate";
import { isAhead, until } from "@/lib/time";
import { useConversationTitle } from "@/model/naming";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Rows } from "@/ui/parts";

type Level = MemberSettings["level"];

/** As long as this counts as always. */
const ALWAYS = Date.parse("9000-01-01T00:00:00Z");

export function Exceptions() {
  const conversations = useModel((model) => model.conversations);
  const different = [...conversations.values()].filter((view) => say(view) !== "");
  if (different.length === 0) {
    return (
      <p className="rounded-xl border border-dashed px-4 py-3 text-soft text-sm">
        None does. Mute a conversation from its menu in the list, or choose there what you want to be told of.
      </p>
    );
  }
  return (
    <Rows label="Conversations that differ">
      {different.map((view) => (
        <Exception key={view.id} view={view} />
      ))}
    </Rows>
  );
}

function Exception({ view }: { view: ConversationView }) {
  const title = useConversationTitle(view);

  async function reset() {
    const body = { level: USUAL, muted_until: null };
    try {
      await call(api.PATCH("/conversations/{id}/me", { params: { path: { id: view.id } }, body }));
      toast.success(`You are told of ${title} as usual again.`);
    } catch (error) {
      toast.error(explain(error));
    }
  }

  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <Avatar id={view.peer_id ?? view.id} name={title} icon={view.icon} square={view.kind === "group"} />
      <div className="min-w-0 flex-1">
        <Link
          href={places.conversation(view.id)}
          dir="auto"
          className="block truncate font-medium text-sm hover:underline"
        >
          {title}
        </Link>
        <p className="text-soft text-sm">{say(view)}</p>
      </div>
      <Button look="ghost" size="small" aria-label={`As usual for ${title}`} onClick={() => void reset()}>
        As usual
      </Button>
    </li>
  );
}

/** What everybody begins with. */
const USUAL: Level = "all";

function say(view: ConversationView): string {
  if (view.muted_until && isAhead(view.muted_until)) {
    return Date.parse(view.muted_until) > ALWAYS ? "Muted" : `Muted ${until(view.muted_until)}`;
  }
  if (view.level === USUAL) return "";
  const said: Record<Level, string> = {
    all: "",
    mentions: "You are told of mentions and replies",
    nothing: "You are told of nothing",
  };
  return said[view.level];
}
