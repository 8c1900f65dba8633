import { useMemo, useState } from "react";
import { api, call } from "@/api/client";
import type { UserSummary } from "@/api/types";
import { useModel } from "@/client/hooks";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { PeoplePicker } from "@/ui/people-picker";
import { Refused } from "@/ui/refused";
import { useTalk } from "../talk";

/** Brings people into the group who have an account. */
export function AddPeople({ close }: { close: () => void }) {
  const { view } = useTalk();
  const members = useModel((model) => model.members.get(view.id));
  const inside = useMemo(() => new Set(members?.map((member) => member.user_id)), [members]);
  const [chosen, setChosen] = useState<UserSummary[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function add() {
    setBusy(true);
    setError(null);
    const body = { user_ids: chosen.map((person) => person.id) };
    try {
      await call<unknown>(api.POST("/conversations/{id}/members", { params: { path: { id: view.id } }, body }));
      close();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      onOpenChange={close}
      title="Add people"
      description={
        view.history === "all"
          ? "They see everything that was written so far."
          : "They see only what is written from now on."
      }
    >
      <div className="flex flex-col gap-4">
        <PeoplePicker label="Who" chosen={chosen} change={setChosen} without={inside} autoFocus />
        <Refused error={error} />
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button disabled={busy || chosen.length === 0} onClick={() => void add()}>
            {chosen.length > 1 ? `Add ${chosen.length} people` : "Add"}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
