import { MessageCircle, Settings, UserPlus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useModel } from "@/client/hooks";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { InviteLink } from "./invite-dialog";

/** The first thing that the administrator sees: what this is, and how the others come. */
export default function WelcomeDialog({ close }: { close: () => void }) {
  const name = useModel((model) => model.me.display_name);
  const [inviting, setInviting] = useState(false);
  if (inviting) {
    return (
      <Dialog
        open
        onOpenChange={close}
        title="Invite people"
        description="Send them a link. Whoever opens it makes an account and is in."
      >
        <InviteLink />
        <div className="mt-6 flex justify-end">
          <Button look="plain" onClick={close}>
            Start chatting
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={close}
      title={`Welcome, ${name}`}
      description="Your server is ready. Chat is better with others, so ask them in."
    >
      <ul className="flex flex-col gap-4">
        <Point icon={<MessageCircle />} title="This is General">
          Everybody who comes is in this conversation.
        </Point>
        <Point icon={<UserPlus />} title="A link brings people in">
          Make one now, and send it to your team.
        </Point>
        <Point icon={<Settings />} title="You are the administrator">
          Under “Manage” you see accounts, invitations and the state of the server.
        </Point>
      </ul>
      <div className="mt-7 flex flex-wrap justify-end gap-2">
        <Button look="ghost" onClick={close}>
          Look around first
        </Button>
        <Button onClick={() => setInviting(true)}>
          <UserPlus className="size-4" />
          Invite people
        </Button>
      </div>
    </Dialog>
  );
}

function Point({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <span className="h-fit rounded-lg bg-selected p-2 text-link [&_svg]:size-5" aria-hidden>
        {icon}
      </span>
      <span>
        <span className="block font-medium text-sm">{title}</span>
        <span className="block text-soft text-sm">{children}</span>
      </span>
    </li>
  );
}
