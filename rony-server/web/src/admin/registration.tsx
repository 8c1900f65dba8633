/** Who may make an account here, and where that is set. */
import { DoorClosed, DoorOpen } from "lucide-react";
import { places, useNavigate } from "@/lib/navigate";
import { Button } from "@/ui/button";
import { Section } from "@/ui/parts";
import { Failed, Loading } from "@/ui/states";
import { useServer } from "./server";

export function Registration() {
  const server = useServer();
  const navigate = useNavigate();
  if (server.isPending) return <Loading />;
  if (server.isError) return <Failed error={server.error} retry={() => void server.refetch()} />;
  const open = server.data.registration === "open";
  const Icon = open ? DoorOpen : DoorClosed;
  return (
    <div className="max-w-2xl">
      <Section>
        <div className="flex items-start gap-4 rounded-xl border bg-raised p-5">
          <span
            className={open ? "rounded-lg bg-mention p-2 text-mention-text" : "rounded-lg bg-selected p-2 text-link"}
          >
            <Icon className="size-5" aria-hidden />
          </span>
          <div>
            <p className="font-semibold">{open ? "Anybody can make an account" : "People come by invitation"}</p>
            <p className="mt-0.5 text-soft text-sm">
              {open
                ? "Whoever reaches the server's address can make an account, without an invite link."
                : "Whoever wants an account needs an invite link, or you add them."}
            </p>
            <div className="mt-4 flex flex-wrap gap-2">
              <Button size="small" onClick={() => navigate(places.admin("invitations"))}>
                Invite people
              </Button>
              <Button look="plain" size="small" onClick={() => navigate(places.admin("people"))}>
                Add somebody
              </Button>
            </div>
          </div>
        </div>
      </Section>
      <Section
        title="How to change it"
        hint="It is set where the server runs, so that nobody opens the door by a click. Put this line into the configuration file, and start the server again:"
      >
        <pre className="overflow-x-auto rounded-xl border bg-muted px-4 py-3 text-sm">
          <code>{`registration = "${open ? "closed" : "open"}"`}</code>
        </pre>
        <p className="mt-3 text-soft text-sm">
          Or start it with the environment variable <code>RONY_REGISTRATION={open ? "closed" : "open"}</code>. Accounts
          that are there stay as they are.
        </p>
      </Section>
    </div>
  );
}
