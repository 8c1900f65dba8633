/** The links by which others come in. */
import { useQueryClient } from "@tanstack/react-query";
import { Hash, House, Link2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, call } from "@/api/client";
import type { Invite } from "@/api/types";
import { useModel, usePersonName } from "@/client/hooks";
import { isAhead, shortDate, until } from "@/lib/time";
import { conversationTitle } from "@/model/naming";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Rows } from "@/ui/parts";
import { Empty, Failed, Loading } from "@/ui/states";
import { NewInvitation } from "./new-invitation";
import { More, usePages } from "./pages";

const KEY = ["invites"];

export function Invitations() {
  const queries = useQueryClient();
  const invites = usePages<Invite>(KEY, (cursor) =>
    call(api.GET("/invites", { params: { query: { cursor, limit: 50 } } })),
  );
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Invite | null>(null);
  const changed = () => queries.invalidateQueries({ queryKey: KEY });

  async function revoke(invite: Invite) {
    await call(api.DELETE("/invites/{id}", { params: { path: { id: invite.id } } }));
    await changed();
    toast.success("The invite link is taken back.");
  }

  if (invites.isPending) return <Loading />;
  if (invites.isError) return <Failed error={invites.error} retry={() => void invites.refetch()} />;
  return (
    <>
      {invites.items.length === 0 ? (
        <div className="rounded-xl border border-dashed">
          <Empty icon={<Link2 />} title="No invite links">
            <p>Make one, and send it to those who should come in. It can lead into a group, too.</p>
            <Button onClick={() => setMaking(true)}>Make an invite link</Button>
          </Empty>
        </div>
      ) : (
        <>
          <Button className="mb-4" onClick={() => setMaking(true)}>
            Make an invite link
          </Button>
          <Rows label="Invite links">
            {invites.items.map((invite) => (
              <Row key={invite.id} invite={invite} revoke={() => setRevoking(invite)} />
            ))}
          </Rows>
          <More list={invites} />
        </>
      )}
      {making && (
        <NewInvitation
          close={() => {
            setMaking(false);
            void changed();
          }}
        />
      )}
      {revoking && (
        <Confirm
          title="Take this invite link back?"
          action="Take back"
          danger
          run={() => revoke(revoking)}
          close={() => setRevoking(null)}
        >
          Nobody can come in by it any more. Those who came by it stay.
        </Confirm>
      )}
    </>
  );
}

function Row({ invite, revoke }: { invite: Invite; revoke: () => void }) {
  const where = useModel((model) => {
    const view = invite.conversation_id ? model.conversations.get(invite.conversation_id) : undefined;
    if (view) return `To ${conversationTitle(model, view)}`;
    return invite.conversation_id ? "To a group that you are not in" : "To the server";
  });
  const maker = usePersonName(invite.created_by);
  const over = isOver(invite);
  const Icon = invite.conversation_id ? Hash : House;
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <span className="rounded-lg bg-muted p-2 text-soft">
        <Icon className="size-5" aria-hidden />
      </span>
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate font-medium text-sm">
          {where}
        </p>
        <p className="text-soft text-sm">{over || [works(invite), left(invite)].filter(Boolean).join(", ")}</p>
        <p className="text-soft text-xs">
          {came(invite.used)} · made by {invite.created_by ? <span dir="auto">{maker}</span> : "the server"},{" "}
          {shortDate(invite.created_at)}
        </p>
      </div>
      <Button look="ghost" size="small" aria-label={`Take back: ${where}`} onClick={revoke}>
        {over ? "Remove" : "Take back"}
      </Button>
    </li>
  );
}

function isOver({ expires_at, uses_left }: Invite): string {
  if (uses_left === 0) return "Used up";
  return expires_at && !isAhead(expires_at) ? `Ended ${shortDate(expires_at)}` : "";
}

function works({ expires_at }: Invite): string {
  return expires_at ? `Works ${until(expires_at)}` : "Works until it is taken back";
}

function left({ uses_left }: Invite): string {
  if (uses_left === null || uses_left === undefined) return "";
  return uses_left === 1 ? "for one more person" : `for ${uses_left} more people`;
}

function came(used: number): string {
  if (used === 0) return "Nobody came by it yet";
  return used === 1 ? "One person came by it" : `${used} people came by it`;
}
