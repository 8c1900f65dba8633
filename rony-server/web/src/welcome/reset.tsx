import { useState } from "react";
import { api, call } from "@/api/client";
import { signIn, useEnter } from "./enter";
import { Form, PasswordField, useForm } from "./form";
import { WelcomeFrame } from "./frame";

/** Somebody got a link from an administrator, and chooses their password by it. */
export function Reset({ token }: { token: string }) {
  const enter = useEnter();
  const [password, setPassword] = useState("");
  const form = useForm(["password"], async () => {
    const { user } = await call(api.POST("/password-resets", { body: { token, password } }));
    await signIn(user.username, password);
    await enter();
  });
  return (
    <WelcomeFrame title="Choose a password" lead="You sign in with it from now on, on all of your devices.">
      <Form form={form} action="Save and sign in">
        <PasswordField
          label="New password"
          name="password"
          hint="At least 8 characters. A few words are easy to remember."
          autoComplete="new-password"
          autoFocus
          value={password}
          error={form.fields.password}
          onChange={({ target }) => setPassword(target.value)}
        />
      </Form>
    </WelcomeFrame>
  );
}
