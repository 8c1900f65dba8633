import type { ConversationView } from "@/api/types";
import { Choice } from "@/ui/field";
import { attempt, change } from "../acts";
import { useTalk } from "../talk";

/** Who may find the group, and what newcomers see of the past. */
export function Sharing() {
  const { view } = useTalk();
  return (
    <section aria-label="Access" className="flex flex-col gap-4">
      <Choice
        label="Who can find and join it"
        value={view.visibility}
        disabled={view.general}
        hint={view.general ? "Everybody is in this conversation." : undefined}
        onChange={({ target }) =>
          void attempt(change(view.id, { visibility: target.value as ConversationView["visibility"] }))
        }
      >
        <option value="private">Only whom somebody adds or invites</option>
        <option value="public">Everybody on this server</option>
      </Choice>
      <Choice
        label="What newcomers see"
        value={view.history}
        onChange={({ target }) =>
          void attempt(change(view.id, { history: target.value as ConversationView["history"] }))
        }
      >
        <option value="all">Everything that was written before</option>
        <option value="since_join">Only what is written after they came</option>
      </Choice>
    </section>
  );
}
