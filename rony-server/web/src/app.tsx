/** What the page begins with: the link that was opened, signing in, or the shell. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { ApiError, api, call } from "@/api/client";
import type { Profile } from "@/api/types";
import { isAway } from "@/client/client";
import { forget, whoWasHere } from "@/client/known";
import { forgetUploads } from "@/files/uploads/kept";
import { Session } from "@/session";
import { Failed, Loading } from "@/ui/states";

const Meet = lazy(() => import("@/meet/meet"));
const Welcome = lazy(() => import("@/welcome/welcome"));

/** The pages of one-time links. Their secret stands behind the `#`. */
const LINKS = ["setup", "join", "reset"] as const;
export type Link = (typeof LINKS)[number];

export function App() {
  const path = window.location.pathname.replace(/\/$/, "").split("/").at(-1);
  const link = LINKS.find((name) => name === path);
  const me = useQuery({ queryKey: ["me"], queryFn: whoIsSignedIn, staleTime: Number.POSITIVE_INFINITY });
  const nobody = me.data === null;
  useEffect(() => {
    if (!nobody) return;
    void forget();
    forgetUploads();
  }, [nobody]);
  if (me.isPending) return <Loading />;
  if (me.isError) return <Failed error={me.error} retry={() => void me.refetch()} alone />;
  if (path === "meet")
    return (
      <Suspense fallback={<Loading />}>
        <Meet code={window.location.hash.slice(1)} me={me.data} />
      </Suspense>
    );
  if (link === undefined && me.data !== null) return <Session key={me.data.id} user={me.data.id} />;
  return (
    <Suspense fallback={<Loading />}>
      <Welcome link={link} secret={window.location.hash.slice(1)} me={me.data} />
    </Suspense>
  );
}

/** After so long without an answer the page begins with what is kept. */
const PATIENCE = 5_000;

/** One's own profile; null where nobody is signed in. Without the server, the profile of whoever was here last. */
async function whoIsSignedIn(): Promise<Profile | null> {
  const asked = call(api.GET("/me", {})).catch(async (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) return null;
    const last = isAway(error) ? await whoWasHere() : null;
    if (last === null) throw error;
    return last;
  });
  const late = new Promise<Profile | null>((resolve) => setTimeout(resolve, PATIENCE, null)).then(whoWasHere);
  return (await Promise.race([asked, late])) ?? asked;
}
