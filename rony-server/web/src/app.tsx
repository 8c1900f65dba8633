/** What the page begins with: the link that was opened, signing in, or the shell. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { ApiError, api, call } from "@/api/client";
import { Session } from "@/session";
import { Failed, Loading } from "@/ui/states";

const Welcome = lazy(() => import("@/welcome/welcome"));

/** The pages of one-time links. Their secret stands behind the `#`. */
const LINKS = ["setup", "join", "reset"] as const;
export type Link = (typeof LINKS)[number];

export function App() {
  const path = window.location.pathname.replace(/\/$/, "").split("/").at(-1);
  const link = LINKS.find((name) => name === path);
  const me = useQuery({ queryKey: ["me"], queryFn: whoIsSignedIn, staleTime: Number.POSITIVE_INFINITY });
  if (me.isPending) return <Loading />;
  if (me.isError) return <Failed error={me.error} retry={() => void me.refetch()} />;
  if (link === undefined && me.data !== null) return <Session key={me.data.id} />;
  return (
    <Suspense fallback={<Loading />}>
      <Welcome link={link} secret={window.location.hash.slice(1)} me={me.data} />
    </Suspense>
  );
}

/** One's own profile; null where nobody is signed in. */
async function whoIsSignedIn() {
  try {
    return await call(api.GET("/me", {}));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}
