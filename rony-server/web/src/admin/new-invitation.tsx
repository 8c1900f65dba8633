import { useState } from "react";
import { useModel } from "@/client/hooks";
import { conversationTitle } from "@/model/naming";
import { InviteLink } from "@/shell/invite-dialog";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Choice } from "@/ui/field";

/** Makes a link to the server, or into a group. */
export function NewInvitation({ close }: { close: () => void }) {
  const model = useModel((it) => it);
  const [conversation, setConversation] = useState("");
  const groups = [...model.conversations.values()]
    .filter((view) => view.kind === "group" && !view.archived_at && !view.general)
    .map((view) => ({ id: view.id, title: conversationTitle(model, view) }))
    .sort((one, other) => one.title.localeCompare(other.title));
  return (
    <Dialog
      open
      onOpenChange={close}
      title="Make an invite link"
      description="Whoever opens it makes an account and is in."
    >
      <div className="flex flex-col gap-5">
        <Choice
          label="Where it leads"
          value={conversation}
          onChange={({ target }) => setConversation(target.value)}
          hint={conversation ? "Who has an account already joins the group by it, too." : undefined}
        >
          <option value="">To the server, into General</option>
          {groups.map(({ id, title }) => (
            <option key={id} value={id}>
              Into {title}, too
            </option>
          ))}
        </Choice>
        <InviteLink key={conversation} conversation={conversation || undefined} />
        <div className="flex justify-end">
          <Button look="plain" onClick={close}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
