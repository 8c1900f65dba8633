import { useState } from "react";
import type { Item, LinkLevel } from "@/api/types";
import { Button } from "@/ui/button";
import { Choice, Field } from "@/ui/field";
import { Alert } from "@/ui/refused";
import { Switch } from "@/ui/switch";
import { PasswordField, useForm } from "@/welcome/form";
import { useDoor } from "../door";

const HOUR = 3_600_000;

/** How long a link works, in hours. */
const LASTS = [
  ["1", "1 hour"],
  ["24", "1 day"],
  ["168", "7 days"],
  ["720", "30 days"],
  ["", "Until I end it"],
  ["own", "Until a moment of my choice"],
] as const;

interface Props {
  item: Item;
  /** The link was made: it is told only now. */
  made: (url: string) => void;
  cancel: () => void;
}

/** What a new link allows, and for how long. */
export function NewLink({ item, made, cancel }: Props) {
  const door = useDoor();
  const [level, setLevel] = useState<LinkLevel>("viewer");
  const [name, setName] = useState("");
  const [hours, setHours] = useState("168");
  const [end, setEnd] = useState("");
  const [guarded, setGuarded] = useState(false);
  const [password, setPassword] = useState("");
  const [most, setMost] = useState("");
  const [log, setLog] = useState(true);
  const form = useForm(["name", "expires_at", "password", "max_downloads"], async () => {
    const made_ = await door.share(item.id, {
      level,
      name: name.trim(),
      expires_at: endOf(hours, end),
      ...(guarded && { password }),
      max_downloads: most === "" ? null : Number(most),
      log_openings: log,
    });
    made(made_.url);
  });
  return (
    <form onSubmit={form.submit} className="flex flex-col gap-4 rounded-xl border p-4" noValidate>
      <Choice label="What it allows" value={level} onChange={({ target }) => setLevel(target.value as LinkLevel)}>
        <option value="viewer">See and download</option>
        <option value="editor">{item.kind === "folder" ? "Also add and change files" : "Also replace the file"}</option>
        {item.kind === "folder" && <option value="drop">Only put files in, and see nothing</option>}
      </Choice>
      <div className="grid gap-4 sm:grid-cols-2">
        <Choice label="It works for" value={hours} onChange={({ target }) => setHours(target.value)}>
          {LASTS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Choice>
        <Field
          label="Most downloads"
          type="number"
          min={1}
          inputMode="numeric"
          placeholder="As many as they like"
          value={most}
          error={form.fields.max_downloads}
          onChange={({ target }) => setMost(target.value)}
        />
      </div>
      {hours === "own" && (
        <Field
          label="Until"
          type="datetime-local"
          step={1}
          value={end}
          error={form.fields.expires_at}
          onChange={({ target }) => setEnd(target.value)}
        />
      )}
      <Field
        label="What you call it"
        hint="Only for you, such as whom you gave it to."
        dir="auto"
        maxLength={100}
        value={name}
        error={form.fields.name}
        onChange={({ target }) => setName(target.value)}
      />
      <Switch label="Ask for a password" checked={guarded} onChange={setGuarded} />
      {guarded && (
        <PasswordField
          label="Password"
          hint="Send it another way than the link."
          autoComplete="new-password"
          value={password}
          error={form.fields.password}
          onChange={({ target }) => setPassword(target.value)}
        />
      )}
      <Switch
        label="Note when it is opened"
        hint="With the browser, and about from where."
        checked={log}
        onChange={setLog}
      />
      <Alert>{form.error}</Alert>
      <div className="flex justify-end gap-2">
        <Button look="plain" onClick={cancel}>
          Cancel
        </Button>
        <Button
          type="submit"
          disabled={form.busy || (guarded && password === "") || (hours === "own" && endOf(hours, end) === null)}
        >
          Make link
        </Button>
      </div>
    </form>
  );
}

function endOf(hours: string, end: string): string | null {
  if (hours === "") return null;
  const moment = hours === "own" ? new Date(end) : new Date(Date.now() + Number(hours) * HOUR);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
