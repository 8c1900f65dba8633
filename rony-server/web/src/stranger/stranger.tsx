/** What somebody without an account sees who opens a link: a password where one is asked for, then what was shared. */
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { LinkIcon } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { DoorContext } from "@/files/door";
import { useLatest } from "@/lib/latest";
import { Button } from "@/ui/button";
import { Empty, Failed, Loading } from "@/ui/states";
import { PasswordField } from "@/welcome/form";
import { WelcomeFrame } from "@/welcome/frame";
import { type LinkHeld, useLink } from "./link";

const Shared = lazy(() => import("./shared"));

export function Stranger({ token }: { token: string }) {
  const link = useLink(token);
  const refused = useLatest(link.refused);
  const queries = useMemo(
    () =>
      new QueryClient({
        queryCache: new QueryCache({ onError: (error) => refused.current(error) }),
        defaultOptions: { queries: { retry: false, staleTime: 10_000 } },
      }),
    [refused],
  );
  const { state } = link;
  switch (state.kind) {
    case "opening":
      return <Loading />;
    case "guarded":
      return <Guarded link={link} wrong={state.wrong} />;
    case "closed":
      return <Closed code={state.code} />;
    case "failed":
      return <Failed error={state.error} retry={() => void link.open()} alone />;
    case "open":
      return (
        <QueryClientProvider client={queries}>
          <DoorContext value={state.door}>
            <Suspense fallback={<Loading />}>
              <Shared opened={state.opened} refused={link.refused} />
            </Suspense>
          </DoorContext>
        </QueryClientProvider>
      );
  }
}

function Guarded({ link, wrong }: { link: LinkHeld; wrong: string | null }) {
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  return (
    <WelcomeFrame
      title="This link has a password"
      lead="Whoever sent you the link knows it, too."
      below={<p>You need no account for this.</p>}
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          setBusy(true);
          void link.open(password).finally(() => setBusy(false));
        }}
      >
        <PasswordField
          label="Password"
          name="password"
          autoComplete="off"
          autoFocus
          value={password}
          error={wrong ?? undefined}
          onChange={({ target }) => setPassword(target.value)}
        />
        <Button type="submit" disabled={busy || password === ""}>
          Open
        </Button>
      </form>
    </WelcomeFrame>
  );
}

/** Why a link does not work, and what one can do then. */
const CLOSED: Record<string, readonly [string, string]> = {
  share_expired: ["This link has ended", "It was made for a certain time, and that is over. Ask for a new one."],
  share_revoked: ["This link was taken back", "Whoever shared it does not share it any more. Ask them if you need it."],
  share_used_up: ["This link is used up", "It was made for a certain number of downloads. Ask for a new one."],
};

function Closed({ code }: { code: string }) {
  const [title, text] = CLOSED[code] ?? [
    "This link does not work",
    "Check that you have all of its address. Perhaps it was taken back.",
  ];
  return (
    <main className="h-full">
      <Empty icon={<LinkIcon />} title={title} alone>
        <p role="status">{text}</p>
      </Empty>
    </main>
  );
}
