/** What a conversation is and who is in it; for those who may with everything that changes it. */
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useConversationTitle } from "@/model/naming";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { PaneFrame, PaneHeading } from "../panes/pane";
import { useTalk } from "../talk";
import { AddPeople } from "./add-people";
import { EditGroup } from "./edit-group";
import { Ending } from "./ending";
import { InviteLinks } from "./invite-links";
import { Members } from "./members";
import { Sharing } from "./sharing";

export default function DetailsPane({ close }: { close: () => void }) {
  const { view, rights } = useTalk();
  const title = useConversationTitle(view);
  const [editing, setEditing] = useState(false);
  const [adding, setAdding] = useState(false);
  const group = view.kind === "group";
  return (
    <PaneFrame title="Details" close={close}>
      <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto p-4 pb-10">
        {editing ? (
          <EditGroup close={() => setEditing(false)} />
        ) : (
          <div className="flex items-start gap-3">
            <Avatar id={view.id} name={title} icon={view.icon || undefined} square={group} />
            <div className="min-w-0 flex-1">
              <p dir="auto" className="break-words text-left font-semibold">
                {title}
              </p>
              {view.topic && (
                <p dir="auto" className="break-words text-left text-soft text-sm">
                  {view.topic}
                </p>
              )}
            </div>
            {rights.manage && !view.archived_at && (
              <Button look="plain" size="small" onClick={() => setEditing(true)}>
                Edit
              </Button>
            )}
          </div>
        )}
        {group && (
          <section aria-label="Members">
            <div className="mb-2 flex items-center justify-between">
              <PaneHeading>{view.member_count === 1 ? "1 member" : `${view.member_count} members`}</PaneHeading>
              {rights.invite && (
                <Button look="plain" size="small" onClick={() => setAdding(true)}>
                  <UserPlus className="size-4" /> Add
                </Button>
              )}
            </div>
            <Members />
          </section>
        )}
        {rights.invite && <InviteLinks />}
        {rights.manage && !view.archived_at && <Sharing />}
        {group && <Ending />}
      </div>
      {adding && <AddPeople close={() => setAdding(false)} />}
    </PaneFrame>
  );
}
