import { useState } from "react";
import { api, call } from "@/api/client";
import { useModel } from "@/client/hooks";
import { conversationTitle } from "@/model/naming";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Choice } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { CopyLink } from "./copy-link";

interface Props {
  /** The group that the link leads into, beside General. */
  conversation?: string;
  close: () => void;
}

const DAY = 86_400_000;

/** Makes a link by which others come. */
export default function InviteDialog({ conversation, close }: Props) {
  const title = useModel((model) => {
    const view = conversation ? model.conversations.get(conversation) : undefined;
    return view === undefined ? "" : conversationTitle(model, view);
  });
  return (
    <Dialog
      open
      onOpenChange={close}
      title={title ? `Invite people to ${title}` : "Invite people"}
      description="Send them a link. Whoever opens it makes an account and is in."
    >
      <InviteLink conversation={conversation} />
      <div className="mt-6 flex justify-end">
        <Button look="plain" onClick={close}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}

/** Makes the link, and shows it. */
export function InviteLink({ conversation }: { conversation?: string }) {
  const [link, setLink] = useState<string | null>(null);
  const [days, setDays] = useState("7");
  const [uses, setUses] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function make() {
    setBusy(true);
    setError(null);
    const expires_at = days === "" ? null : new Date(Date.now() + Number(days) * DAY).toISOString();
    const body = { conversation_id: conversation ?? null, expires_at, uses: uses === "" ? null : Number(uses) };
    await call(api.POST("/invites", { body }))
      .then((made) => setLink(made.link))
      .catch(setError);
    setBusy(false);
  }

  if (link !== null) {
    const ends =
      days === "" ? "It works until you take it back" : `It works for ${days === "1" ? "a day" : `${days} days`}`;
    const often = uses === "" ? "for any number of people" : uses === "1" ? "for one person" : `for ${uses} people`;
    return (
      <CopyLink
        link={link}
        hint={`${ends}, ${often}. Anybody who has it can come in: send it only to those you mean.`}
      />
    );
  }
  return (
    <div className="flex flex-col gap-5">
      <div className="grid gap-4 sm:grid-cols-2">
        <Choice label="It works for" value={days} onChange={({ target }) => setDays(target.value)}>
          <option value="1">1 day</option>
          <option value="7">7 days</option>
          <option value="30">30 days</option>
          <option value="">always</option>
        </Choice>
        <Choice label="How many may use it" value={uses} onChange={({ target }) => setUses(target.value)}>
          <option value="">any number</option>
          <option value="1">1 person</option>
          <option value="10">10 people</option>
          <option value="100">100 people</option>
        </Choice>
      </div>
      <Refused error={error} />
      <Button onClick={() => void make()} disabled={busy}>
        Make invite link
      </Button>
    </div>
  );
}
