import { useState } from "react";
import { toast } from "sonner";
import { ApiError, api, call, explain } from "@/api/client";
import type { UserSummary } from "@/api/types";
import { useModel } from "@/client/hooks";
import { places, useNavigate } from "@/lib/navigate";
import { openDirect } from "@/people/direct";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Choice, Field } from "@/ui/field";
import { PeoplePicker } from "@/ui/people-picker";
import { Refused } from "@/ui/refused";
import { openOverlay } from "./overlays";

interface Props {
  what: "direct" | "group";
  close: () => void;
}

/** Begins a conversation: with one person, or a group. */
export default function NewConversation({ what, close }: Props) {
  return what === "direct" ? <NewDirect close={close} /> : <NewGroup close={close} />;
}

function NewDirect({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const administrator = useModel((model) => model.me.role === "administrator");
  async function open([person]: UserSummary[]) {
    if (person === undefined) return;
    try {
      navigate(await openDirect(person.id));
      close();
    } catch (error) {
      toast.error(explain(error));
    }
  }
  return (
    <Dialog open onOpenChange={close} title="Write to somebody">
      <PeoplePicker label="Who" chosen={[]} change={(chosen) => void open(chosen)} self autoFocus />
      <p className="mt-4 text-soft text-sm">
        Several people?{" "}
        <Button look="link" size="inline" onClick={() => openOverlay({ kind: "new", what: "group" })}>
          Start a group
        </Button>
        {administrator && (
          <>
            {" · "}Somebody is not here yet?{" "}
            <Button look="link" size="inline" onClick={() => openOverlay({ kind: "invite" })}>
              Invite them
            </Button>
          </>
        )}
      </p>
    </Dialog>
  );
}

function NewGroup({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const [clientId] = useState(() => crypto.randomUUID());
  const [title, setTitle] = useState("");
  const [icon, setIcon] = useState("");
  const [visibility, setVisibility] = useState<"private" | "public">("private");
  const [history, setHistory] = useState<"all" | "since_join">("all");
  const [members, setMembers] = useState<UserSummary[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fields = error instanceof ApiError ? error.fields : {};

  async function create(event: React.FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const member_ids = members.map(({ id }) => id);
    const body = {
      client_id: clientId,
      kind: "group" as const,
      title: title.trim(),
      icon: icon.trim(),
      visibility,
      history,
      member_ids,
    };
    try {
      const { id } = await call(api.POST("/conversations", { body }));
      navigate(places.conversation(id));
      close();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  }

  return (
    <Dialog open onOpenChange={close} title="Start a group" className="sm:max-w-lg">
      <form className="flex flex-col gap-5" onSubmit={(event) => void create(event)}>
        <div className="grid grid-cols-[4.5rem_1fr] gap-3">
          <Field
            label="Icon"
            placeholder="🚀"
            className="text-center"
            maxLength={16}
            value={icon}
            error={fields.icon}
            onChange={({ target }) => setIcon(target.value)}
          />
          <Field
            label="Name"
            dir="auto"
            autoFocus
            maxLength={100}
            placeholder="Launch"
            value={title}
            error={fields.title}
            onChange={({ target }) => setTitle(target.value)}
          />
        </div>
        <PeoplePicker label="People" chosen={members} change={setMembers} error={fields.member_ids} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Choice
            label="Who may find it"
            value={visibility}
            hint={visibility === "private" ? "Only who is added or invited." : "Anybody here may find it and join."}
            onChange={({ target }) => setVisibility(target.value as typeof visibility)}
          >
            <option value="private">Private</option>
            <option value="public">Public</option>
          </Choice>
          <Choice
            label="Newcomers see"
            value={history}
            hint={history === "all" ? "What was written before, too." : "Only what comes after they joined."}
            onChange={({ target }) => setHistory(target.value as typeof history)}
          >
            <option value="all">Everything</option>
            <option value="since_join">What is new</option>
          </Choice>
        </div>
        {Object.keys(fields).length === 0 && <Refused error={error} />}
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={busy || (title.trim() === "" && members.length === 0)}>
            Start group
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
