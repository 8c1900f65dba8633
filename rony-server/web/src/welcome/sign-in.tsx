import { useState } from "react";
import type { Link } from "@/app";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { signIn, useEnter } from "./enter";
import { Form, PasswordField, useForm } from "./form";
import { WelcomeFrame } from "./frame";

interface Props {
  /** The page of a link that was opened without what it must carry. */
  link?: Link;
  register?: () => void;
  title?: string;
  /** Where to go afterwards; by itself to where the address points. */
  done?: () => Promise<void>;
  back?: () => void;
}

/** Username and password. */
export function SignIn({ link, register, title = "Sign in", done, back }: Props) {
  const enter = useEnter();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [forgot, setForgot] = useState(false);
  const form = useForm(["username", "password"], async () => {
    await signIn(username, password);
    // Whoever was sent to a place of the page gets there.
    const wanted = link === undefined ? window.location.hash.slice(1) : "";
    await (done ?? (() => enter(wanted || undefined)))();
  });
  const below = (
    <>
      <Button look="link" size="inline" aria-expanded={forgot} onClick={() => setForgot(!forgot)}>
        Forgot your password?
      </Button>
      {forgot && (
        <p>
          Ask an administrator of this server for a reset link. It lets you choose a new password, and works once.
          Administrators make it under “Manage”.
        </p>
      )}
      {register && (
        <p>
          New here?{" "}
          <Button look="link" size="inline" onClick={register}>
            Make an account
          </Button>
        </p>
      )}
      {back && (
        <Button look="link" size="inline" onClick={back}>
          Back
        </Button>
      )}
    </>
  );
  return (
    <WelcomeFrame
      title={title}
      lead={link && "This link is not complete. Open all of it, as it was given to you, or sign in."}
      below={below}
    >
      <Form form={form} action="Sign in">
        <Field
          label="Username"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          value={username}
          error={form.fields.username}
          onChange={({ target }) => setUsername(target.value)}
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          value={password}
          error={form.fields.password}
          onChange={({ target }) => setPassword(target.value)}
        />
      </Form>
    </WelcomeFrame>
  );
}
