import { useState } from "react";
import { api, call } from "@/api/client";
import { places } from "@/lib/navigate";
import { openOverlay } from "@/shell/overlays";
import { deviceName, GENERAL, useEnter } from "./enter";
import { ACCOUNT_FIELDS, AccountFields, Form, NO_ACCOUNT, useForm } from "./form";
import { WelcomeFrame } from "./frame";

/** The first one here makes the administrator's account. */
export function SetUp({ token }: { token: string }) {
  const enter = useEnter();
  const [account, setAccount] = useState(NO_ACCOUNT);
  const form = useForm(ACCOUNT_FIELDS, async () => {
    const { username, password, displayName } = account;
    const body = {
      token,
      username: username.trim(),
      password,
      display_name: displayName.trim() || null,
      cookie: true,
      device_name: deviceName(),
    };
    await call(api.POST("/setup", { body }));
    openOverlay({ kind: "welcome" });
    await enter(places.conversation(GENERAL));
  });
  return (
    <WelcomeFrame
      title="Welcome to Rony"
      lead="You are the first one here. Make your account: it is the administrator's, and lets you invite the others."
    >
      <Form form={form} action="Create account and start">
        <AccountFields account={account} change={setAccount} fields={form.fields} />
      </Form>
    </WelcomeFrame>
  );
}
