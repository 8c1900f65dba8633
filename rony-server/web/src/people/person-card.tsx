/** Who somebody is: their picture and names, whether they are present, what they say of themselves, and what one can do. */
import { useQuery } from "@tanstack/react-query";
import { Clock, Mail, MessageCircle, Phone } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { toast } from "sonner";
import { api, call, explain } from "@/api/client";
import type { User } from "@/api/types";
import { useClient, useModel } from "@/client/hooks";
import { useNavigate } from "@/lib/navigate";
import { ago, fullTime, shortDate } from "@/lib/time";
import { Avatar, PresenceDot } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Failed, Loading } from "@/ui/states";
import { ContactActions } from "./contact-actions";
import { openDirect } from "./direct";

interface Props {
  id: string;
  /** Called when the card leads elsewhere, for a dialog to close. */
  left?: () => void;
}

export function PersonCard({ id, left }: Props) {
  const client = useClient();
  const user = useQuery({
    queryKey: ["user", id],
    queryFn: () => call(api.GET("/users/{id}", { params: { path: { id } } })),
  });
  useEffect(() => {
    client.watchAlso("card", [id]);
    return () => client.watchAlso("card", []);
  }, [client, id]);
  if (user.isPending) return <Loading />;
  if (user.isError) return <Failed error={user.error} retry={() => void user.refetch()} />;
  return <Card user={user.data} left={left} />;
}

function Card({ user, left }: { user: User; left?: () => void }) {
  const me = useModel((model) => model.me.id);
  const contact = useModel((model) => model.contacts.get(user.id));
  const name = contact?.nickname || user.display_name;
  return (
    <article className="flex flex-col gap-6">
      <div className="flex items-center gap-4">
        <span className="relative">
          <Avatar id={user.id} name={user.display_name} picture={user.avatar} size="large" />
          {!user.bot && (
            <PresenceDot user={user.id} className="absolute right-0.5 bottom-0.5 size-4 ring-4 ring-background" />
          )}
        </span>
        <div className="min-w-0">
          <h2 dir="auto" className="truncate text-left font-semibold text-xl tracking-tight">
            {name}
          </h2>
          <p className="truncate text-soft text-sm">
            {contact?.nickname && <span dir="auto">{user.display_name} · </span>}@{user.username}
          </p>
          {user.title && (
            <p dir="auto" className="truncate text-sm">
              {user.title}
            </p>
          )}
          <PresenceLine user={user} />
        </div>
      </div>
      {user.deactivated_at && <Note>This account is switched off. What it wrote stays.</Note>}
      {user.bot && <Note>This is a program, not a person.</Note>}
      <div className="flex flex-wrap gap-2 max-sm:gap-1.5">
        <MessageButton user={user} self={user.id === me} left={left} />
        {user.id !== me && <ContactActions user={user} contact={contact} />}
      </div>
      <Facts user={user} />
      {contact?.note && (
        <dl>
          <Fact label="Your note">
            <p dir="auto" className="whitespace-pre-wrap">
              {contact.note}
            </p>
          </Fact>
        </dl>
      )}
    </article>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <p className="rounded-lg bg-muted px-3 py-2 text-sm">{children}</p>;
}

const WORDS = { online: "Online", away: "Away", busy: "Busy", offline: "Offline" } as const;

function PresenceLine({ user }: { user: User }) {
  const presence = useModel((model) => model.presence.get(user.id));
  if (user.bot || user.deactivated_at) return null;
  const status = presence?.status ?? "offline";
  const seen = status === "offline" && presence?.since ? `Last seen ${ago(presence.since)}` : WORDS[status];
  const text = presence?.text || user.status_text;
  return (
    <p className="mt-1 text-sm" title={presence?.since ? fullTime(presence.since) : undefined}>
      <span className="text-soft">{seen}</span>
      {text && <span dir="auto"> · {text}</span>}
    </p>
  );
}

function MessageButton({ user, self, left }: { user: User; self: boolean; left?: () => void }) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  async function message() {
    setBusy(true);
    try {
      navigate(await openDirect(user.id));
      left?.();
    } catch (error) {
      toast.error(explain(error));
      setBusy(false);
    }
  }
  return (
    <Button onClick={() => void message()} disabled={busy || user.deactivated_at != null}>
      <MessageCircle className="size-4" />
      {self ? "Notes to yourself" : "Message"}
    </Button>
  );
}

function Facts({ user }: { user: User }) {
  return (
    <dl className="grid gap-4 sm:grid-cols-2">
      {user.about && (
        <Fact label="About" wide>
          <p dir="auto" className="whitespace-pre-wrap">
            {user.about}
          </p>
        </Fact>
      )}
      {user.email && (
        <Fact label="E-mail" icon={<Mail />}>
          <a className="break-all text-link hover:underline" href={`mailto:${user.email}`}>
            {user.email}
          </a>
        </Fact>
      )}
      {user.phone && (
        <Fact label="Telephone" icon={<Phone />}>
          <a className="text-link hover:underline" href={`tel:${user.phone.replace(/[^\d+]/g, "")}`}>
            {user.phone}
          </a>
        </Fact>
      )}
      {user.time_zone && (
        <Fact label="Their time" icon={<Clock />}>
          <LocalTime zone={user.time_zone} />
        </Fact>
      )}
      <Fact label="Here since">{shortDate(user.created_at)}</Fact>
      {user.role === "administrator" && <Fact label="Role">Administrator of this server</Fact>}
    </dl>
  );
}

interface FactProps {
  label: string;
  icon?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

function Fact({ label, icon, wide, children }: FactProps) {
  return (
    <div className={wide ? "sm:col-span-2" : undefined}>
      <dt className="mb-0.5 flex items-center gap-1.5 text-soft text-xs [&_svg]:size-3.5">
        {icon}
        {label}
      </dt>
      <dd className="text-sm">{children}</dd>
    </div>
  );
}

/** What the clock shows where they are. */
function LocalTime({ zone }: { zone: string }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  try {
    const time = new Intl.DateTimeFormat(undefined, {
      weekday: "short",
      hour: "numeric",
      minute: "2-digit",
      timeZone: zone,
    });
    return `${time.format(now)} (${zone.replaceAll("_", " ")})`;
  } catch {
    return zone;
  }
}
