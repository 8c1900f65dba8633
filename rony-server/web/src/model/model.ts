/** What the page knows: all that is one's own, and the conversations that were opened. Values are never changed in place. */
import type {
  Contact,
  ConversationSnapshot,
  ConversationView,
  DoNotDisturb,
  Member,
  Message,
  Notification,
  OwnPresence,
  PersonalSnapshot,
  Pin,
  Profile,
  UserSummary,
} from "@/api/types";
import type { PresenceChange } from "@/sync/wire";
import { fromPage, type Timeline } from "./timeline";

export interface Model {
  me: Profile;
  conversations: ReadonlyMap<string, ConversationView>;
  contacts: ReadonlyMap<string, Contact>;
  people: ReadonlyMap<string, UserSummary>;
  notifications: ReadonlyMap<string, Notification>;
  /** By [`draftKey`]. */
  drafts: ReadonlyMap<string, string>;
  ownPresence: OwnPresence;
  doNotDisturb: DoNotDisturb;
  /** The conversations that were opened, by id, and their threads, by the id of the message that began them. */
  timelines: ReadonlyMap<string, Timeline>;
  members: ReadonlyMap<string, readonly Member[]>;
  pins: ReadonlyMap<string, readonly Pin[]>;
  /** What does not last. */
  presence: ReadonlyMap<string, PresenceChange>;
  typing: ReadonlyMap<string, readonly string[]>;
  /** How far others have read, by conversation and person. */
  marks: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export function draftKey(conversation: string, thread?: string | null): string {
  return thread ? `${conversation}/${thread}` : conversation;
}

export function byId<T>(items: readonly T[], id: (item: T) => string): Map<string, T> {
  return new Map(items.map((item) => [id(item), item]));
}

/** The model of somebody who has just signed in, with what is kept of conversations that were open before. */
export function fromSnapshot(snapshot: PersonalSnapshot, before: Model | null): Model {
  const kept = before?.me.id === snapshot.me.id ? before : null;
  return {
    me: snapshot.me,
    conversations: byId(snapshot.conversations, (conversation) => conversation.id),
    contacts: byId(snapshot.contacts, (contact) => contact.user_id),
    people: new Map([...(kept?.people ?? []), ...byId(snapshot.people, (person) => person.id)]),
    notifications: byId(snapshot.notifications, (notification) => notification.id),
    drafts: new Map(snapshot.drafts.map((draft) => [draftKey(draft.conversation_id, draft.thread_id), draft.text])),
    ownPresence: snapshot.presence,
    doNotDisturb: snapshot.do_not_disturb,
    // Messages that were missed are not in the snapshot: what was open is opened anew.
    timelines: new Map(),
    members: new Map(),
    pins: new Map(),
    presence: kept?.presence ?? new Map(),
    typing: new Map(),
    marks: new Map(),
  };
}

/** A conversation as it was opened just now. */
export function withConversation(model: Model, snapshot: ConversationSnapshot): Model {
  const id = snapshot.conversation.id;
  return {
    ...model,
    conversations: set(model.conversations, id, snapshot.conversation),
    people: merge(
      model.people,
      snapshot.people.map((person) => [person.id, person]),
    ),
    timelines: set(model.timelines, id, fromPage(snapshot.messages)),
    members: set(model.members, id, snapshot.members),
    pins: set(model.pins, id, snapshot.pins),
  };
}

/** Nothing of a conversation that one is out of is shown any more. */
export function without(model: Model, id: string): Model {
  const threads = new Set((model.timelines.get(id)?.messages ?? []).map((message) => message.id));
  return {
    ...model,
    conversations: remove(model.conversations, id),
    notifications: filter(model.notifications, (notification) => notification.conversation_id !== id),
    drafts: new Map([...model.drafts].filter(([key]) => key !== id && !key.startsWith(`${id}/`))),
    timelines: new Map([...model.timelines].filter(([key]) => key !== id && !threads.has(key))),
    members: remove(model.members, id),
    pins: remove(model.pins, id),
  };
}

export function isMention(message: Message, me: string): boolean {
  if (message.sender_id === me || message.deleted_at) return false;
  return message.mentions?.all === true || (message.mentions?.users ?? []).includes(me);
}

export function set<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

export function merge<V>(map: ReadonlyMap<string, V>, entries: Iterable<readonly [string, V]>): ReadonlyMap<string, V> {
  const next = new Map(map);
  for (const [key, value] of entries) next.set(key, value);
  return next;
}

export function remove<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  if (!map.has(key)) return map;
  const next = new Map(map);
  next.delete(key);
  return next;
}

export function filter<V>(map: ReadonlyMap<string, V>, keep: (value: V) => boolean): ReadonlyMap<string, V> {
  return new Map([...map].filter(([, value]) => keep(value)));
}
