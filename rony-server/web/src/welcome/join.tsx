import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, call, explain } from "@/api/client";
import type { Profile } from "@/api/types";
import { places } from "@/lib/navigate";
import { Button } from "@/ui/button";
import { Loading } from "@/ui/states";
import { GENERAL, signIn, useEnter } from "./enter";
import { ACCOUNT_FIELDS, AccountFields, Form, NO_ACCOUNT, useForm } from "./form";
import { WelcomeFrame } from "./frame";
import { Invitation } from "./invitation";
import { SignIn } from "./sign-in";

/** Somebody opened an invite link: they make an account, sign in to theirs, or are in already and accept. */
export function Join({ token, me }: { token: string; me: Profile | null }) {
  const [known, setKnown] = useState(false);
  const enter = useEnter();
  const preview = useQuery({
    queryKey: ["invite", token],
    queryFn: () => call(api.POST("/invites/preview", { body: { token } })),
    retry: false,
  });
  if (preview.isPending) return <Loading label="Looking at your invitation…" />;
  if (preview.isError) {
    return (
      <WelcomeFrame title="This link does not work" lead={explain(preview.error)}>
        <Button className="w-full" onClick={() => void enter()}>
          {me ? "Open Rony" : "Sign in"}
        </Button>
      </WelcomeFrame>
    );
  }
  const invitation = <Invitation preview={preview.data} />;
  const leads = preview.data.conversation != null;
  if (me && !leads) return <Here me={me} />;
  if (me) return <Accept token={token} me={me} invitation={invitation} />;
  if (known) {
    // An invite that leads into no conversation is for those without an account: they are in by signing in.
    const done = async () => enter(leads ? await accept(token) : places.conversation(GENERAL));
    return <SignIn title="Sign in to join" done={done} back={() => setKnown(false)} />;
  }
  return <NewAccount token={token} invitation={invitation} known={() => setKnown(true)} />;
}

/** Where the invite leads. */
async function accept(token: string): Promise<string> {
  const { conversation_id } = await call(api.POST("/invites/accept", { body: { token } }));
  return places.conversation(conversation_id);
}

/** Where a new account was brought by its invite, which may be spent by now. */
async function whereInvited(): Promise<string> {
  const { items } = await call(api.GET("/conversations", {}));
  return places.conversation(items.find((conversation) => !conversation.general)?.id ?? GENERAL);
}

interface NewProps {
  token: string;
  invitation: React.ReactNode;
  known: () => void;
}

function NewAccount({ token, invitation, known }: NewProps) {
  const enter = useEnter();
  const [account, setAccount] = useState(NO_ACCOUNT);
  const form = useForm(ACCOUNT_FIELDS, async () => {
    const { username, password, displayName } = account;
    const body = { username: username.trim(), password, display_name: displayName.trim() || null, invite: token };
    await call(api.POST("/accounts", { body }));
    await signIn(username, password);
    await enter(await whereInvited());
  });
  const below = (
    <p>
      You have an account here?{" "}
      <Button look="link" size="inline" onClick={known}>
        Sign in to join
      </Button>
    </p>
  );
  return (
    <WelcomeFrame title="You are invited" lead={invitation} below={below}>
      <Form form={form} action="Create account and join">
        <AccountFields account={account} change={setAccount} fields={form.fields} />
      </Form>
    </WelcomeFrame>
  );
}

function Accept({ token, me, invitation }: { token: string; me: Profile; invitation: React.ReactNode }) {
  const enter = useEnter();
  const form = useForm([], async () => enter(await accept(token)));
  const below = (
    <Button look="link" size="inline" onClick={() => void enter(places.conversation(GENERAL))}>
      Not now
    </Button>
  );
  return (
    <WelcomeFrame title="You are invited" lead={invitation} below={below}>
      <Form form={form} action="Join">
        <p className="text-soft text-sm">
          You are signed in as <b dir="auto">{me.display_name}</b> (@{me.username}).
        </p>
      </Form>
    </WelcomeFrame>
  );
}

/** The invite is for those without an account. */
function Here({ me }: { me: Profile }) {
  const enter = useEnter();
  const lead = (
    <>
      This link is for people without an account. You have one: you are signed in as <b dir="auto">{me.display_name}</b>{" "}
      (@
      {me.username}).
    </>
  );
  return (
    <WelcomeFrame title="You are in already" lead={lead}>
      <Button className="w-full" onClick={() => void enter(places.conversation(GENERAL))}>
        Open Rony
      </Button>
    </WelcomeFrame>
  );
}
