/** Contacts in the order in which they are shown. Pure. */
import type { Contact, UserSummary } from "@/api/types";
import { fold } from "@/shell/order";

export interface Part {
  name: string;
  contacts: readonly Contact[];
}

/** Favourites, the groups by name, those in none, and the blocked. Who is in several groups stands in each. */
export function grouped(
  contacts: ReadonlyMap<string, Contact>,
  people: ReadonlyMap<string, UserSummary>,
  query: string,
): Part[] {
  const name = (contact: Contact) => contact.nickname || people.get(contact.user_id)?.display_name || "";
  const found = [...contacts.values()]
    .filter((contact) => isMatch(contact, people.get(contact.user_id), query))
    .sort((a, b) => name(a).localeCompare(name(b)));
  const listed = found.filter((contact) => contact.listed && !contact.blocked);
  const groups = [...new Set(listed.flatMap((contact) => contact.groups))].sort((a, b) => a.localeCompare(b));
  const parts: Part[] = [
    { name: "Favourites", contacts: listed.filter((contact) => contact.favorite) },
    ...groups.map((group) => ({ name: group, contacts: listed.filter((contact) => contact.groups.includes(group)) })),
    { name: "Contacts", contacts: listed.filter((contact) => !contact.favorite && contact.groups.length === 0) },
    { name: "Blocked", contacts: found.filter((contact) => contact.blocked) },
  ];
  return parts.filter((part) => part.contacts.length > 0);
}

function isMatch(contact: Contact, person: UserSummary | undefined, query: string): boolean {
  const wanted = fold(query);
  const names = [contact.nickname, person?.display_name, person?.username, ...contact.groups];
  return names.some((name) => fold(name ?? "").includes(wanted));
}
