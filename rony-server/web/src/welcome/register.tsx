import { useState } from "react";
import { api, call } from "@/api/client";
import { places } from "@/lib/navigate";
import { Button } from "@/ui/button";
import { GENERAL, signIn, useEnter } from "./enter";
import { ACCOUNT_FIELDS, AccountFields, Form, NO_ACCOUNT, useForm } from "./form";
import { WelcomeFrame } from "./frame";

/** Makes an account where the server lets anybody do so; elsewhere its answer says that an invite is needed. */
export function Register({ back }: { back: () => void }) {
  const enter = useEnter();
  const [account, setAccount] = useState(NO_ACCOUNT);
  const form = useForm(ACCOUNT_FIELDS, async () => {
    const { username, password, displayName } = account;
    const body = { username: username.trim(), password, display_name: displayName.trim() || null };
    await call(api.POST("/accounts", { body }));
    await signIn(username, password);
    await enter(places.conversation(GENERAL));
  });
  const below = (
    <Button look="link" size="inline" onClick={back}>
      Back to signing in
    </Button>
  );
  return (
    <WelcomeFrame
      title="Make an account"
      lead="Were you sent an invite link? Open that one instead: it brings you straight to where you were invited."
      below={below}
    >
      <Form form={form} action="Make account">
        <AccountFields account={account} change={setAccount} fields={form.fields} />
      </Form>
    </WelcomeFrame>
  );
}
