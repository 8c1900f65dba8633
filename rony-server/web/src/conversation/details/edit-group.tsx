import { type FormEvent, useState } from "react";
import { ApiError } from "@/api/client";
import { Button } from "@/ui/button";
import { Field, TextField } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { change } from "../acts";
import { PickEmoji } from "../emoji/pick";
import { useTalk } from "../talk";

/** What a group is called and about. */
export function EditGroup({ close }: { close: () => void }) {
  const { view } = useTalk();
  const [title, setTitle] = useState(view.title);
  const [topic, setTopic] = useState(view.topic);
  const [icon, setIcon] = useState(view.icon);
  const [picking, setPicking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fields = error instanceof ApiError ? error.fields : {};

  async function save(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      await change(view.id, { title: title.trim(), topic: topic.trim(), icon });
      close();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  }

  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void save(event)}>
      <div className="flex items-center gap-2">
        <PickEmoji open={picking} onOpenChange={setPicking} pick={setIcon}>
          <Button look="plain" aria-label="Choose an icon" className="size-11 p-0 text-xl">
            {icon || "＋"}
          </Button>
        </PickEmoji>
        <span className="flex-1 text-soft text-sm">Icon</span>
        {icon && (
          <Button look="link" size="inline" onClick={() => setIcon("")}>
            Remove
          </Button>
        )}
      </div>
      <Field
        label="Name"
        value={title}
        maxLength={100}
        dir="auto"
        error={fields.title}
        onChange={({ target }) => setTitle(target.value)}
      />
      <TextField
        label="Topic"
        hint="What it is about, in a sentence."
        value={topic}
        maxLength={500}
        dir="auto"
        error={fields.topic}
        onChange={({ target }) => setTopic(target.value)}
      />
      <Refused error={error} />
      <div className="flex justify-end gap-2">
        <Button look="plain" size="small" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" size="small" disabled={busy}>
          Save
        </Button>
      </div>
    </form>
  );
}
