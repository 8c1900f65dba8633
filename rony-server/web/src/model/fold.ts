/** What events do to the model. Snapshot and events together are a fresh snapshot: each rule here has its twin on the server. */
import type { ConversationView, Member, Message, Pin } from "@/api/types";
import type { EventOf, StreamEvent } from "@/sync/wire";
import { filter, isMention, type Model, merge, remove, set, without } from "./model";
import { posted, replaced, type Timeline } from "./timeline";

/** The model after an event of a stream that is followed. */
export function fold(model: Model, stream: string, event: StreamEvent): Model {
  const next = apply(model, stream, event);
  const view = next.conversations.get(stream);
  if (view === undefined || event.seq <= view.head) return next;
  return { ...next, conversations: set(next.conversations, stream, { ...view, head: event.seq }) };
}

function apply(model: Model, stream: string, event: StreamEvent): Model {
  switch (event.type) {
    case "message.posted":
      return foldPosted(model, event.message);
    case "message.edited":
    case "reaction.added":
    case "reaction.removed":
      return foldChanged(model, event.message);
    case "message.deleted":
      return foldDeleted(model, event.message);
    case "pin.added":
      return foldPinned(model, stream, event);
    case "pin.removed":
      return unpin(model, stream, event.message_id);
    case "conversation.changed":
      return changeView(model, stream, (view) => ({ ...view, ...event.conversation }));
    case "member.joined":
    case "member.left":
    case "member.changed":
      return foldMember(model, stream, event);
    case "conversation.deleted":
      return without(model, event.conversation_id);
    case "member.settings":
      return changeView(model, event.conversation_id, (view) => ({ ...view, ...event.settings }));
    case "read.moved":
      return foldRead(model, event);
    case "contact.changed":
      return { ...model, contacts: set(model.contacts, event.contact.user_id, event.contact) };
    case "contact.removed":
      return { ...model, contacts: remove(model.contacts, event.user_id) };
    case "profile.changed": {
      const { profile } = event;
      const presence = { ...model.ownPresence, text: profile.status_text, text_until: profile.status_until };
      return { ...model, me: profile, ownPresence: presence };
    }
    case "presence.set":
      return { ...model, ownPresence: event.presence };
    case "dnd.changed":
      return { ...model, doNotDisturb: { until: event.until } };
    case "notification.added":
      return { ...model, notifications: set(model.notifications, event.notification.id, event.notification) };
    case "notification.cleared":
      return { ...model, notifications: filter(model.notifications, ({ id }) => !event.ids.includes(id)) };
    case "user.created":
    case "user.changed":
      return { ...model, people: set(model.people, event.user.id, event.user) };
    // The draft's text is asked for by whoever keeps the model; the others say nothing that is shown.
    default:
      return model;
  }
}

function foldPosted(model: Model, message: Message): Model {
  const { conversation_id: id, thread_id: thread } = message;
  let next = hasStopped(model, id, message.sender_id);
  if (thread) {
    next = changeTimeline(next, thread, (timeline) => posted(timeline, message));
    const summary = { newest_ordinal: message.thread_ordinal ?? 0, last_reply_at: message.created_at };
    next = changeTimeline(next, id, (timeline) => ({
      ...timeline,
      messages: timeline.messages.map((root) => (root.id === thread ? { ...root, thread: summary } : root)),
    }));
    return next;
  }
  next = changeTimeline(next, id, (timeline) => posted(timeline, message));
  return changeView(next, id, (view) => {
    if (message.ordinal <= view.newest_ordinal) return view;
    const own = message.sender_id === model.me.id;
    const read = own ? message.ordinal : view.read_ordinal;
    const mentions = own ? 0 : view.mentions + (isMention(message, model.me.id) ? 1 : 0);
    return counted({ ...view, newest_ordinal: message.ordinal, read_ordinal: read, mentions, last_message: message });
  });
}

/** Whoever posts has stopped typing. */
function hasStopped(model: Model, conversation: string, user: string): Model {
  const typing = model.typing.get(conversation);
  if (!typing?.includes(user)) return model;
  const others = typing.filter((other) => other !== user);
  return { ...model, typing: set(model.typing, conversation, others) };
}

function foldChanged(model: Model, message: Message): Model {
  const at = message.thread_id ?? message.conversation_id;
  const next = changeTimeline(model, at, (timeline) => replaced(timeline, message));
  const pins = next.pins.get(message.conversation_id);
  const pinned = pins?.some((pin) => pin.message.id === message.id)
    ? set(
        next.pins,
        message.conversation_id,
        pins.map((pin) => (pin.message.id === message.id ? { ...pin, message } : pin)),
      )
    : next.pins;
  return changeView({ ...next, pins: pinned }, message.conversation_id, (view) =>
    isNewer(message, view.last_message) ? { ...view, last_message: message } : view,
  );
}

/** Whether it is the message that is known, as it was later. */
function isNewer(message: Message, known: Message | null | undefined): boolean {
  return known?.id === message.id && known.version < message.version;
}

function foldDeleted(model: Model, message: Message): Model {
  const known = model.timelines.get(message.conversation_id)?.messages.find(({ id }) => id === message.id);
  const next = unpin(foldChanged(model, message), message.conversation_id, message.id);
  if (known === undefined || !isMention(known, model.me.id)) return next;
  return changeView(next, message.conversation_id, (view) =>
    known.ordinal > view.read_ordinal ? { ...view, mentions: Math.max(0, view.mentions - 1) } : view,
  );
}

function foldPinned(model: Model, stream: string, event: EventOf<"pin.added">): Model {
  const pins = model.pins.get(stream);
  if (pins === undefined) return model;
  const pin: Pin = {
    message: event.message,
    pinned_at: event.at ?? event.message.created_at,
    pinned_by: event.user_id,
  };
  return {
    ...model,
    pins: set(model.pins, stream, [pin, ...pins.filter((other) => other.message.id !== pin.message.id)]),
  };
}

function unpin(model: Model, stream: string, message: string): Model {
  const pins = model.pins.get(stream);
  if (!pins?.some((pin) => pin.message.id === message)) return model;
  return {
    ...model,
    pins: set(
      model.pins,
      stream,
      pins.filter((pin) => pin.message.id !== message),
    ),
  };
}

function foldMember(
  model: Model,
  stream: string,
  event: EventOf<"member.joined" | "member.left" | "member.changed">,
): Model {
  const id = event.conversation_id;
  const own = event.user_id === model.me.id;
  if (own && event.type === "member.left") return without(model, id);
  // One's own stream says it too; the conversation's counts.
  if (stream !== id) return model;
  const change = event.type === "member.joined" ? 1 : event.type === "member.left" ? -1 : 0;
  const next = changeView(model, id, (view) => {
    const role = own && event.type !== "member.left" ? event.role : view.role;
    return { ...view, role, member_count: view.member_count + (event.seq > view.head ? change : 0) };
  });
  const members = next.members.get(id);
  if (members === undefined) return next;
  return { ...next, members: set(next.members, id, changedMembers(next, members, event)) };
}

function changedMembers(
  model: Model,
  members: readonly Member[],
  event: EventOf<"member.joined" | "member.left" | "member.changed">,
): readonly Member[] {
  const others = members.filter((member) => member.user_id !== event.user_id);
  if (event.type === "member.left") return others;
  const known = members.find((member) => member.user_id === event.user_id);
  const person = model.people.get(event.user_id);
  const member: Member = {
    user_id: event.user_id,
    role: event.role,
    joined_at: known?.joined_at ?? event.at ?? "",
    display_name: known?.display_name ?? person?.display_name ?? "",
    username: known?.username ?? person?.username ?? "",
  };
  return [...others, member];
}

function foldRead(model: Model, event: EventOf<"read.moved">): Model {
  if (event.thread_id) return model;
  return changeView(model, event.conversation_id, (view) => {
    if (event.ordinal <= view.read_ordinal) return view;
    return counted({ ...view, read_ordinal: event.ordinal, mentions: mentionsAfter(model, view, event.ordinal) });
  });
}

/** How many unread messages mention this person: none where all is read, else counted where all of them are loaded. */
function mentionsAfter(model: Model, view: ConversationView, read: number): number {
  if (read >= view.newest_ordinal) return 0;
  const timeline = model.timelines.get(view.id);
  const first = timeline?.messages[0];
  const covered = timeline !== undefined && !timeline.moreAfter && first !== undefined && first.ordinal <= read + 1;
  if (!covered) return Math.min(view.mentions, view.newest_ordinal - read);
  return timeline.messages.filter((message) => message.ordinal > read && isMention(message, model.me.id)).length;
}

function counted(view: ConversationView): ConversationView {
  return { ...view, unread: Math.max(0, view.newest_ordinal - view.read_ordinal) };
}

function changeView(model: Model, id: string, change: (view: ConversationView) => ConversationView): Model {
  const view = model.conversations.get(id);
  if (view === undefined) return model;
  const next = change(view);
  return next === view ? model : { ...model, conversations: set(model.conversations, id, next) };
}

function changeTimeline(model: Model, key: string, change: (timeline: Timeline) => Timeline): Model {
  const timeline = model.timelines.get(key);
  if (timeline === undefined) return model;
  const next = change(timeline);
  return next === timeline ? model : { ...model, timelines: merge(model.timelines, [[key, next]]) };
}
