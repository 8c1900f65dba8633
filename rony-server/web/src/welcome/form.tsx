/** What the forms of somebody who is not in yet have in common. */
import { Eye, EyeOff, LoaderCircle } from "lucide-react";
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from "react";
import { ApiError, explain } from "@/api/client";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Alert } from "@/ui/refused";

interface FormState {
  busy: boolean;
  /** What is wrong with each field, by its name. */
  fields: Readonly<Record<string, string>>;
  /** What is wrong with all of it. */
  error: string | null;
  submit: (event: React.FormEvent) => void;
}

/** Sends a form once, and keeps what the server said against it. `shown` are the fields that show their own error. */
export function useForm(shown: readonly string[], send: () => Promise<void>): FormState {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const form = useRef<Element>(null);
  // What is wrong may be out of sight.
  useEffect(() => {
    if (failed !== null) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [failed]);
  // What is wrong with one of a list (`people[2]`) is wrong with the list.
  const named = Object.entries(failed instanceof ApiError ? failed.fields : {});
  const all = named.map(([name, text]) => [name.replace(/\[\d+\]$/, ""), text] as const);
  const fields = Object.fromEntries(all.filter(([name]) => shown.includes(name)));
  const others = all.filter(([name]) => !shown.includes(name));
  const explained = Object.keys(fields).length > 0 && others.length === 0;
  const error = failed === null || explained ? null : others.map(([, text]) => text).join(" ") || explain(failed);

  function submit(event: React.FormEvent) {
    event.preventDefault();
    if (busy) return;
    form.current = event.currentTarget;
    setBusy(true);
    setFailed(null);
    send()
      .catch(setFailed)
      .finally(() => setBusy(false));
  }
  return { busy, fields, error, submit };
}

/** A form with what is wrong with all of it above its button. */
export function Form({ form, action, children }: { form: FormState; action: string; children: ReactNode }) {
  return (
    <form onSubmit={form.submit} className="flex flex-col gap-5" noValidate>
      {children}
      <Alert>{form.error}</Alert>
      <Button type="submit" disabled={form.busy} className="w-full">
        {form.busy && <LoaderCircle className="size-4 animate-spin" aria-hidden />}
        {action}
      </Button>
    </form>
  );
}

/** A password, which can be looked at. */
export function PasswordField(props: ComponentProps<typeof Field>) {
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <Field {...props} type={shown ? "text" : "password"} className="pr-11" spellCheck={false} autoCapitalize="none" />
      <Button
        look="ghost"
        size="icon"
        className="absolute top-[27.5px] right-0.5"
        aria-label="Show password"
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOff /> : <Eye />}
      </Button>
    </div>
  );
}

export interface Account {
  username: string;
  displayName: string;
  password: string;
}

export const NO_ACCOUNT: Account = { username: "", displayName: "", password: "" };
export const ACCOUNT_FIELDS = ["username", "display_name", "password"];

interface AccountProps {
  account: Account;
  change: (account: Account) => void;
  fields: FormState["fields"];
}

/** Who one wants to be here. */
export function AccountFields({ account, change, fields }: AccountProps) {
  return (
    <>
      <Field
        label="Your name"
        name="display_name"
        hint="As others see it, such as Ann Lee."
        autoComplete="name"
        autoFocus
        maxLength={64}
        value={account.displayName}
        error={fields.display_name}
        onChange={({ target }) => change({ ...account, displayName: target.value })}
      />
      <Field
        label="Username"
        name="username"
        hint="To sign in, and for others to mention you: @ann"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        value={account.username}
        error={fields.username}
        onChange={({ target }) => change({ ...account, username: target.value })}
      />
      <PasswordField
        label="Password"
        name="password"
        hint="At least 8 characters. A few words are easy to remember."
        autoComplete="new-password"
        value={account.password}
        error={fields.password}
        onChange={({ target }) => change({ ...account, password: target.value })}
      />
    </>
  );
}
