import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link2 } from "lucide-react";
import { useEffect } from "react";
import { api, call } from "@/api/client";
import type { Invite } from "@/api/types";
import { usePersonName } from "@/client/hooks";
import { until } from "@/lib/time";
import { openOverlay, useOverlay } from "@/shell/overlays";
import { Button } from "@/ui/button";
import { attempt } from "../acts";
import { PaneHeading } from "../panes/pane";
import { useTalk } from "../talk";

/** The links by which others come into the group, and a new one. */
export function InviteLinks() {
  const { view } = useTalk();
  const overlay = useOverlay();
  const invites = useQuery({
    queryKey: ["invites", view.id],
    queryFn: () => call(api.GET("/invites", { params: { query: { conversation_id: view.id } } })),
    retry: false,
  });
  const { refetch } = invites;
  const open = overlay?.kind === "invite";
  // One was perhaps made while the dialog was open.
  useEffect(() => {
    if (!open) void refetch();
  }, [open, refetch]);
  const items = invites.data?.items ?? [];
  return (
    <section aria-label="Invite links">
      <div className="flex items-center justify-between">
        <PaneHeading>Invite links</PaneHeading>
        <Button look="plain" size="small" onClick={() => openOverlay({ kind: "invite", conversation: view.id })}>
          <Link2 className="size-4" /> New link
        </Button>
      </div>
      {items.length === 0 ? (
        <p className="mt-1 text-soft text-sm">A link brings in people who have no account yet.</p>
      ) : (
        <ul className="mt-2 flex flex-col gap-2">
          {items.map((invite) => (
            <One key={invite.id} invite={invite} />
          ))}
        </ul>
      )}
    </section>
  );
}

function One({ invite }: { invite: Invite }) {
  const { view } = useTalk();
  const queries = useQueryClient();
  const by = usePersonName(invite.created_by);
  const left = invite.uses_left == null ? "" : `, ${invite.uses_left} more times`;
  const used = invite.used === 0 ? "not used yet" : invite.used === 1 ? "used once" : `used ${invite.used} times`;
  async function end() {
    const ended = await attempt(call<unknown>(api.DELETE("/invites/{id}", { params: { path: { id: invite.id } } })));
    if (ended) await queries.invalidateQueries({ queryKey: ["invites", view.id] });
  }
  return (
    <li className="flex items-center gap-2 text-sm">
      <span dir="auto" className="min-w-0 flex-1">
        {invite.created_by ? `From ${by}` : "From the server"}
        <span className="block text-soft text-xs">
          Good {invite.expires_at ? until(invite.expires_at) : "for ever"}
          {left} · {used}
        </span>
      </span>
      <Button look="link" size="inline" onClick={() => void end()}>
        End
      </Button>
    </li>
  );
}
