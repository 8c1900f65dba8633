import { useState } from "react";
import type { components } from "@/api/schema";
import type { Scope } from "@/api/types";
import { CopyLink } from "@/shell/copy-link";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Choice, Field } from "@/ui/field";
import { Alert } from "@/ui/refused";
import { useForm } from "@/welcome/form";

const DAY = 86_400_000;

/** What a token may be used for: its name, and what that is. */
const SCOPES: readonly (readonly [Scope, string, string])[] = [
  ["read", "Read", "Conversations, messages, people, and what happens"],
  ["write", "Write", "Messages, reactions, pins, drafts; marking as read"],
  ["manage", "Manage conversations", "Make, join and leave them; add people, make invite links"],
  ["profile", "Change the profile", "Profile, status, contacts, notifications"],
  ["admin", "Administer the server", "Everything that an administrator may do"],
];

export function scopeName(scope: Scope): string {
  return SCOPES.find(([it]) => it === scope)?.[1] ?? scope;
}

interface Props {
  /** Whether the right to administer is offered. */
  admin: boolean;
  /** Makes it, and answers the secret. */
  make: (wish: components["schemas"]["NewToken"]) => Promise<string>;
  close: () => void;
}

/** Makes a token, and shows it once. */
export function NewToken({ admin, make, close }: Props) {
  const [token, setToken] = useState<string | null>(null);
  if (token === null) return <Wish admin={admin} make={make} made={setToken} close={close} />;
  return (
    <Dialog
      open
      onOpenChange={close}
      title="Your token"
      description="Copy it now, and keep it like a password: it is shown only here."
    >
      <CopyLink
        label="Token"
        link={token}
        hint="Programs send it with each request, as “Authorization: Bearer” and the token."
      />
      <div className="mt-6 flex justify-end">
        <Button look="plain" onClick={close}>
          I have copied it
        </Button>
      </div>
    </Dialog>
  );
}

function Wish({ admin, make, made, close }: Props & { made: (token: string) => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["read"]);
  const [days, setDays] = useState("90");
  const form = useForm(["name", "scopes", "expires_at"], async () => {
    const expires_at = days === "" ? null : new Date(Date.now() + Number(days) * DAY).toISOString();
    made(await make({ name: name.trim(), scopes: [...scopes], expires_at }));
  });
  const offered = SCOPES.filter(([scope]) => scope !== "admin" || admin);
  return (
    <Dialog open onOpenChange={close} title="Make a token">
      <form onSubmit={form.submit} className="flex flex-col gap-5" noValidate>
        <Field
          label="What is it for?"
          name="name"
          dir="auto"
          maxLength={64}
          autoFocus
          placeholder="Backup script"
          value={name}
          error={form.fields.name}
          onChange={({ target }) => setName(target.value)}
        />
        <fieldset className="flex flex-col gap-2.5">
          <legend className="mb-2.5 font-medium text-sm">What may it do?</legend>
          {offered.map(([scope, label, hint]) => (
            <label key={scope} className="flex items-start gap-3 text-sm">
              <input
                type="checkbox"
                className="mt-0.5 size-4 accent-accent"
                checked={scopes.includes(scope)}
                onChange={({ target }) =>
                  setScopes(target.checked ? [...scopes, scope] : scopes.filter((it) => it !== scope))
                }
              />
              <span>
                <span className="block">{label}</span>
                <span className="block text-soft text-xs">{hint}</span>
              </span>
            </label>
          ))}
          {form.fields.scopes && (
            <p role="alert" className="text-danger text-sm">
              {form.fields.scopes}
            </p>
          )}
        </fieldset>
        <Choice
          label="It works for"
          value={days}
          error={form.fields.expires_at}
          onChange={({ target }) => setDays(target.value)}
        >
          <option value="7">7 days</option>
          <option value="30">30 days</option>
          <option value="90">90 days</option>
          <option value="365">A year</option>
          <option value="">Until it is deleted</option>
        </Choice>
        <Alert>{form.error}</Alert>
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={form.busy || name.trim() === "" || scopes.length === 0}>
            Make token
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
