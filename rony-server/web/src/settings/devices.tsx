/** The devices on which one is signed in. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Laptop, Smartphone } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, call } from "@/api/client";
import type { Session } from "@/api/types";
import { ago, fullTime } from "@/lib/time";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Rows, Section } from "@/ui/parts";
import { Failed, Loading } from "@/ui/states";
import { isHandheld, program } from "./user-agent";

/** More than anybody has. */
const MOST = 200;

export function Devices() {
  const queries = useQueryClient();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: () => call(api.GET("/sessions", { params: { query: { limit: MOST } } })),
    staleTime: 0,
  });
  const [leaving, setLeaving] = useState<Session | "others" | null>(null);

  async function signOut(which: Session | "others") {
    if (which === "others") await call(api.DELETE("/sessions", {}));
    else await call(api.DELETE("/sessions/{id}", { params: { path: { id: which.id } } }));
    await queries.invalidateQueries({ queryKey: ["sessions"] });
    toast.success(which === "others" ? "All your other devices are signed out." : `${name(which)} is signed out.`);
  }

  if (sessions.isPending) return <Loading />;
  if (sessions.isError) return <Failed error={sessions.error} retry={() => void sessions.refetch()} />;
  const { items } = sessions.data;
  const here = items.filter((session) => session.current);
  const others = items.filter((session) => !session.current);
  others.sort((one, other) => other.last_used_at.localeCompare(one.last_used_at));
  return (
    <>
      <Section title="This device">
        <Rows label="This device">
          {here.map((session) => (
            <Device key={session.id} session={session} />
          ))}
        </Rows>
      </Section>
      <Section
        title="Other devices"
        hint={
          others.length === 0
            ? "You are signed in nowhere else."
            : "Do you not know one of them? Sign it out, and change your password."
        }
        action={
          others.length > 0 && (
            <Button look="plain" size="small" onClick={() => setLeaving("others")}>
              Sign out all others
            </Button>
          )
        }
      >
        {others.length > 0 && (
          <Rows label="Other devices">
            {others.map((session) => (
              <Device key={session.id} session={session} signOut={() => setLeaving(session)} />
            ))}
          </Rows>
        )}
      </Section>
      {leaving && (
        <Confirm
          title={leaving === "others" ? "Sign out all other devices?" : `Sign out ${name(leaving)}?`}
          action="Sign out"
          danger
          run={() => signOut(leaving)}
          close={() => setLeaving(null)}
        >
          {leaving === "others"
            ? "You stay signed in here. Everywhere else somebody has to sign in with your password again."
            : "Whoever uses it has to sign in with your password again. What was written there and not sent yet may be lost."}
        </Confirm>
      )}
    </>
  );
}

function name(session: Session): string {
  return session.device_name || program(session.user_agent) || "this device";
}

function Device({ session, signOut }: { session: Session; signOut?: () => void }) {
  const Icon = isHandheld(session.user_agent) ? Smartphone : Laptop;
  const words = program(session.user_agent);
  const named = session.device_name && session.device_name !== words;
  const details = [named ? words : "", session.address ?? ""].filter(Boolean);
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <span className="rounded-lg bg-muted p-2 text-soft">
        <Icon className="size-5" aria-hidden />
      </span>
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate font-medium text-sm">
          {session.device_name || words || "Unknown device"}
        </p>
        <p className="text-soft text-sm">
          {session.current ? (
            <span className="text-good">In use now</span>
          ) : (
            <time dateTime={session.last_used_at} title={fullTime(session.last_used_at)}>
              Last used {ago(session.last_used_at)}
            </time>
          )}
          {details.map((detail) => ` · ${detail}`)}
        </p>
        <p className="text-soft text-xs">Signed in {ago(session.created_at)}</p>
      </div>
      {signOut && (
        <Button look="ghost" size="small" aria-label={`Sign out ${name(session)}`} onClick={signOut}>
          Sign out
        </Button>
      )}
    </li>
  );
}
