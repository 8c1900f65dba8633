import { useQuery } from "@tanstack/react-query";
import { Ban, Star } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { Link } from "wouter";
import { api, call } from "@/api/client";
import type { Contact, UserSummary } from "@/api/types";
import { useClient, useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { places } from "@/lib/navigate";
import { openOverlay } from "@/shell/overlays";
import { Avatar, PresenceDot } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { SearchField } from "@/ui/search-field";
import { grouped } from "./groups";

const MOST = 50;

/** One's contacts in their groups, and below all others who are here. */
export function ContactList({ here }: { here?: string }) {
  const [text, setText] = useState("");
  const query = useDeferredValue(text.trim());
  const contacts = useModel((model) => model.contacts);
  const people = useModel((model) => model.people);
  const parts = useMemo(() => grouped(contacts, people, query), [contacts, people, query]);
  const others = useOthers(query, contacts);
  useWatch(others);
  return (
    <div className="pb-6">
      <div className="sticky top-0 z-10 bg-background p-3 pb-2">
        <SearchField label="Find people" value={text} onChange={({ target }) => setText(target.value)} />
      </div>
      {contacts.size === 0 && query === "" && <NoContacts />}
      {parts.map((part) => (
        <Part key={part.name} name={part.name}>
          {part.contacts.map((contact) => (
            <Person
              key={contact.user_id}
              id={contact.user_id}
              person={people.get(contact.user_id)}
              contact={contact}
              here={contact.user_id === here}
            />
          ))}
        </Part>
      ))}
      {others.length > 0 && (
        <Part name={contacts.size === 0 ? "Everybody here" : "Others here"}>
          {others.map((person) => (
            <Person key={person.id} id={person.id} person={person} here={person.id === here} />
          ))}
        </Part>
      )}
      {query !== "" && parts.length === 0 && others.length === 0 && (
        <p className="px-6 py-8 text-center text-soft text-sm">Nobody here is called “{query}”.</p>
      )}
    </div>
  );
}

function useOthers(query: string, contacts: ReadonlyMap<string, Contact>): readonly UserSummary[] {
  const me = useModel((model) => model.me.id);
  const found = useQuery({
    queryKey: ["people", "all", query],
    queryFn: () => call(api.GET("/users", { params: { query: { query, limit: MOST } } })),
    placeholderData: (before) => before,
  });
  return useMemo(
    () => (found.data?.items ?? []).filter(({ id }) => id !== me && !contacts.has(id)),
    [found.data, me, contacts],
  );
}

/** Their presence is not told by itself, as that of contacts is. */
function useWatch(people: readonly UserSummary[]): void {
  const client = useClient();
  useEffect(() => {
    client.watchAlso(
      "people",
      people.map(({ id }) => id),
    );
    return () => client.watchAlso("people", []);
  }, [client, people]);
}

function NoContacts() {
  return (
    <div className="mx-3 mb-2 rounded-xl border bg-sidebar p-4 text-sm">
      <p className="font-medium">Keep those you often write to at hand</p>
      <p className="mt-1 text-soft">
        Contacts stand on top here, and you always see whether they are present. You can put them into groups and keep
        notes.
      </p>
      <Button look="plain" size="small" className="mt-3" onClick={() => openOverlay({ kind: "add-contact" })}>
        Add a contact
      </Button>
    </div>
  );
}

function Part({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <section className="px-2 pt-2">
      <h2 dir="auto" className="px-2 py-1.5 font-medium text-soft text-xs">
        {name}
      </h2>
      <ul>{children}</ul>
    </section>
  );
}

interface PersonProps {
  id: string;
  person?: UserSummary;
  contact?: Contact;
  here: boolean;
}

function Person({ id, person, contact, here }: PersonProps) {
  const client = useClient();
  useEffect(() => {
    if (person === undefined) client.needPerson(id);
  }, [client, id, person]);
  const own = person?.display_name ?? "…";
  const name = contact?.nickname || own;
  const says = useModel((model) => model.presence.get(id)?.text) || person?.status_text;
  const line =
    says || [contact?.nickname && own, person?.title || `@${person?.username ?? ""}`].filter(Boolean).join(" · ");
  return (
    <li className="[contain-intrinsic-size:auto_3.25rem] [content-visibility:auto]">
      <Link
        href={places.person(id)}
        aria-current={here ? "page" : undefined}
        className={cn("flex h-13 items-center gap-3 rounded-xl px-2", here ? "bg-selected" : "hover:bg-hover")}
      >
        <span className="relative">
          <Avatar id={id} name={own} picture={person?.avatar} />
          {!contact?.blocked && (
            <PresenceDot
              user={id}
              className={cn("-right-0.5 -bottom-0.5 absolute ring-2", here ? "ring-selected" : "ring-background")}
            />
          )}
        </span>
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate text-left font-medium text-sm">
            {name}
          </span>
          <span dir="auto" className="block truncate text-left text-[13px] text-soft">
            {line}
          </span>
        </span>
        {contact?.favorite && <Star className="size-4 shrink-0 fill-current text-warn" aria-label="favourite" />}
        {contact?.blocked && <Ban className="size-4 shrink-0 text-soft" aria-label="blocked" />}
      </Link>
    </li>
  );
}
