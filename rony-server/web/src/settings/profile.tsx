/** What others see of oneself. */
import { useState } from "react";
import { toast } from "sonner";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import type { Profile as Own } from "@/api/types";
import { useModel } from "@/client/hooks";
import { Button } from "@/ui/button";
import { Choice, Field, TextField } from "@/ui/field";
import { Section } from "@/ui/parts";
import { Alert } from "@/ui/refused";
import { useForm } from "@/welcome/form";
import { Picture } from "./picture";
import { StatusSection } from "./status";
import { TimeZone } from "./time-zone";

const FIELDS = ["display_name", "title", "about", "phone", "email", "time_zone", "last_seen_privacy"] as const;
type Draft = Pick<Own, (typeof FIELDS)[number]>;

export function Profile() {
  return (
    <>
      <Section>
        <Picture />
      </Section>
      <StatusSection />
      <Section title="About you" hint="Everybody who is signed in can see this.">
        <ProfileForm />
      </Section>
    </>
  );
}

function ProfileForm() {
  const me = useModel((model) => model.me);
  const [changes, setChanges] = useState<Partial<Draft>>({});
  const draft = { ...me, ...changes };
  const changed = Object.fromEntries(
    FIELDS.filter((name) => draft[name] !== me[name]).map((name) => [name, draft[name]]),
  );
  const dirty = Object.keys(changed).length > 0;
  const form = useForm(FIELDS, async () => {
    await call(api.PATCH("/me", { body: changed as unknown as components["schemas"]["ProfileChange"] }));
    setChanges({});
    toast.success("Your profile is saved.");
  });
  const change = (more: Partial<Draft>) => setChanges({ ...changes, ...more });
  const text = (name: "display_name" | "title" | "phone" | "email") => ({
    name,
    value: draft[name],
    error: form.fields[name],
    onChange: ({ target }: React.ChangeEvent<HTMLInputElement>) => change({ [name]: target.value }),
  });
  return (
    <form onSubmit={form.submit} className="flex flex-col gap-5" noValidate>
      <Field label="Your name" dir="auto" autoComplete="name" maxLength={64} {...text("display_name")} />
      <Field
        label="Username"
        value={`@${me.username}`}
        disabled
        hint="You sign in with it, and others mention you by it. It stays as it is."
      />
      <Field label="Title" dir="auto" maxLength={100} placeholder="Designer, Support team" {...text("title")} />
      <TextField
        label="About"
        name="about"
        dir="auto"
        maxLength={2_000}
        className="min-h-28"
        hint="What you do, what to ask you about."
        value={draft.about}
        error={form.fields.about}
        onChange={({ target }) => change({ about: target.value })}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Phone" type="tel" autoComplete="tel" maxLength={40} {...text("phone")} />
        <Field label="Email" type="email" autoComplete="email" {...text("email")} />
      </div>
      <TimeZone value={draft.time_zone} error={form.fields.time_zone} change={(time_zone) => change({ time_zone })} />
      <Choice
        label="Who sees when you were last here"
        name="last_seen_privacy"
        value={draft.last_seen_privacy}
        error={form.fields.last_seen_privacy}
        onChange={({ target }) => change({ last_seen_privacy: target.value as Draft["last_seen_privacy"] })}
      >
        <option value="everybody">Everybody</option>
        <option value="contacts">My contacts</option>
        <option value="nobody">Nobody</option>
      </Choice>
      <Alert>{form.error}</Alert>
      <div className="flex gap-2">
        <Button type="submit" disabled={!dirty || form.busy}>
          Save
        </Button>
        {dirty && (
          <Button look="ghost" onClick={() => setChanges({})}>
            Undo changes
          </Button>
        )}
      </div>
    </form>
  );
}
