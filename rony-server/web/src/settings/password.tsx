/** Choosing another password. */
import { useState } from "react";
import { toast } from "sonner";
import { api, call } from "@/api/client";
import { useModel } from "@/client/hooks";
import { Button } from "@/ui/button";
import { Section } from "@/ui/parts";
import { Alert } from "@/ui/refused";
import { PasswordField, useForm } from "@/welcome/form";

export function Password() {
  const username = useModel((model) => model.me.username);
  const [old_password, setOld] = useState("");
  const [new_password, setNew] = useState("");
  const form = useForm(["old_password", "new_password"], async () => {
    await call(api.PUT("/me/password", { body: { old_password, new_password } }));
    setOld("");
    setNew("");
    toast.success("Your password is changed. All your other devices are signed out.");
  });
  return (
    <Section hint="Your other devices are signed out when you change it; this one stays. Access tokens go on working.">
      <form onSubmit={form.submit} className="flex max-w-sm flex-col gap-5" noValidate>
        {/* For password managers, which ask whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordField
          label="Password now"
          name="old_password"
          autoComplete="current-password"
          value={old_password}
          error={form.fields.old_password}
          onChange={({ target }) => setOld(target.value)}
        />
        <PasswordField
          label="New password"
          name="new_password"
          hint="At least 8 characters. A few words are easy to remember."
          autoComplete="new-password"
          value={new_password}
          error={form.fields.new_password}
          onChange={({ target }) => setNew(target.value)}
        />
        <Alert>{form.error}</Alert>
        <Button type="submit" className="self-start" disabled={form.busy || old_password === "" || new_password === ""}>
          Change password
        </Button>
      </form>
    </Section>
  );
}
