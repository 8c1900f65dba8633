/** Somebody is signed in: connects them, and shows the shell once what is theirs is here. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Client } from "@/client/client";
import { ClientContext } from "@/client/hooks";
import { Shell } from "@/shell/shell";
import { Failed, Loading } from "@/ui/states";

/** `user` is the id of whoever is signed in. */
export function Session({ user }: { user: string }) {
  const [client, setClient] = useState<Client | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt begins with a client of its own
  useEffect(() => {
    const started = new Client(user);
    setError(null);
    setClient(started);
    started.start().catch(setError);
    return () => started.stop();
  }, [attempt, user]);

  if (error !== null) return <Failed error={error} retry={() => setAttempt((count) => count + 1)} alone />;
  return client === null ? <Loading /> : <Connected client={client} />;
}

function Connected({ client }: { client: Client }) {
  const queries = useQueryClient();
  // No more than this: the whole page would be drawn again with whatever happens.
  const signedOut = useSyncExternalStore(client.subscribe, () => client.snapshot().ended === "signed_out");
  const here = useSyncExternalStore(client.subscribe, () => client.snapshot().model !== null);

  useEffect(() => {
    if (signedOut) queries.setQueryData(["me"], null);
  }, [signedOut, queries]);

  if (!here) return <Loading />;
  return (
    <ClientContext value={client}>
      <Shell />
    </ClientContext>
  );
}
