/** Decides which of what happens the browser tells the person of. */
import { useEffect } from "react";
import { useLocation } from "wouter";
import { API_URL, api, call } from "@/api/client";
import type { Message, Notification } from "@/api/types";
import type { Client } from "@/client/client";
import { places } from "@/lib/navigate";
import { isAhead } from "@/lib/time";
import type { Model } from "@/model/model";
import { conversationTitle, messageLine, personName } from "@/model/naming";
import { loadMeeting } from "@/schedule/meetings";
import { said } from "@/schedule/when";
import type { StreamEvent } from "@/sync/wire";
import { notify, permission, type Shown, takeBack } from "./browser-notifications";
import { isMuted } from "./order";

/** Of all tabs, the one that holds this tells. */
const TELLS = "rony-tells";
const LOOKED_AT = "rony-looked-at-";
/** The event with the message comes within this of the one with the notification. */
const TOGETHER = 400;
const REMEMBERED = 50;
/** So long a notification waits for the names in it. */
const PATIENCE = 5_000;

export function useNotifications(client: Client): void {
  const [at] = useLocation();
  const here = at.match(/^\/c\/([^/]+)/)?.[1] ?? null;

  useEffect(() => {
    const teller = new Teller(client);
    const off = client.onEvent((event) => teller.happened(event));
    const done = hold(TELLS, "exclusive", () => {
      teller.mine = true;
    });
    return () => {
      off();
      done();
    };
  }, [client]);

  // A conversation that is in front of the person, in whichever tab, needs no notification.
  useEffect(() => {
    if (here === null) return;
    let done: (() => void) | null = null;
    const look = () => {
      const seen = document.visibilityState === "visible" && document.hasFocus();
      if (seen && done === null) done = hold(LOOKED_AT + here, "shared");
      if (!seen) {
        done?.();
        done = null;
      }
    };
    look();
    const signs = ["focus", "blur", "visibilitychange"] as const;
    for (const sign of signs) window.addEventListener(sign, look, true);
    return () => {
      for (const sign of signs) window.removeEventListener(sign, look, true);
      done?.();
    };
  }, [here]);
}

/** Holds a lock until what it returns is called. */
function hold(name: string, mode: LockMode, got: () => void = () => {}): () => void {
  const end = new AbortController();
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  navigator.locks
    .request(name, { mode, signal: end.signal }, () => {
      got();
      return held;
    })
    .catch(() => {});
  return () => {
    release();
    end.abort();
  };
}

class Teller {
  /** Whether this tab is the one that tells. */
  mine = false;
  private readonly messages = new Map<string, Message>();

  constructor(private readonly client: Client) {}

  happened(event: StreamEvent): void {
    if (event.type === "message.posted") {
      this.messages.set(event.message.id, event.message);
      const oldest = this.messages.keys().next().value;
      if (this.messages.size > REMEMBERED && oldest !== undefined) this.messages.delete(oldest);
      // What is said to everybody is no notification of its own.
      if (event.message.mentions?.all) void this.tell(event.message.conversation_id, event.message);
    } else if (event.type === "notification.added") {
      void this.notified(event.notification);
    } else if (event.type === "read.moved") {
      void takeBack(event.conversation_id);
    } else if (event.type === "meeting.removed") {
      void takeBack(event.meeting_id);
    }
  }

  private async notified(notification: Notification): Promise<void> {
    if (notification.quiet || notification.cleared_at || notification.all) return;
    // One that lay waiting while the page was away is in the list, and no news.
    if (Date.now() - Date.parse(notification.at) > 60_000) return;
    if (notification.meeting_id) return this.tellOfMeeting(notification);
    const { conversation_id: id, message_id } = notification;
    if (!id) return;
    if (!message_id) return this.tell(id, null, notification.actor_id);
    if (!this.messages.has(message_id)) await new Promise((resolve) => setTimeout(resolve, TOGETHER));
    const message = this.messages.get(message_id) ?? (await this.load(id, message_id));
    if (message !== null) await this.tell(id, message);
  }

  private async tellOfMeeting({ kind, meeting_id, actor_id }: Notification): Promise<void> {
    const wanted = () => {
      const { model } = this.client.snapshot();
      return this.mine && model !== null && permission() === "granted" && !isAhead(model.doNotDisturb.until);
    };
    if (!wanted() || !meeting_id) return;
    const meeting = await loadMeeting(meeting_id).catch(() => null);
    if (meeting === null) return;
    if (actor_id) this.client.needPerson(actor_id);
    await this.client.until((model) => !actor_id || actor_id === model.me.id || model.people.has(actor_id), PATIENCE);
    const { model } = this.client.snapshot();
    if (model === null || !wanted()) return;
    const body = said(kind, meeting, personName(model, actor_id) || "Somebody", Date.now());
    await notify({ title: meeting.title, body, tag: meeting_id, place: places.meeting(meeting_id) });
  }

  private async load(conversation_id: string, message_id: string): Promise<Message | null> {
    const path = { id: conversation_id, message_id };
    return call(api.GET("/conversations/{id}/messages/{message_id}", { params: { path } })).catch(() => null);
  }

  private async tell(id: string, message: Message | null, actor?: string | null): Promise<void> {
    const wanted = () => {
      const { model } = this.client.snapshot();
      return this.mine && model !== null && permission() === "granted" && wants(model, id, message);
    };
    if (!wanted()) return;
    await this.namesAreHere(id, [message?.sender_id ?? actor, ...(message?.mentions?.users ?? [])]);
    // Much may have happened meanwhile: it was read, or is in front of the person.
    const { model } = this.client.snapshot();
    if (model === null || !wanted() || (await isLookedAt(id))) return;
    await notify(words(model, id, message, actor));
  }

  /** Waits for what the notification calls people and the conversation by, but not for ever: better without a name than not at all. */
  private async namesAreHere(id: string, people: readonly (string | null | undefined)[]): Promise<void> {
    const needed = people.filter((person) => person != null);
    for (const person of needed) this.client.needPerson(person);
    await this.client.until((model) => {
      const view = model.conversations.get(id);
      const all = view?.peer_id ? [...needed, view.peer_id] : needed;
      return view !== undefined && all.every((person) => person === model.me.id || model.people.has(person));
    }, PATIENCE);
  }
}

/** Whether the person wants to be told of it now. */
function wants(model: Model, id: string, message: Message | null): boolean {
  const view = model.conversations.get(id);
  if (isAhead(model.doNotDisturb.until) || message?.sender_id === model.me.id || message?.deleted_at) return false;
  if (view === undefined) return message === null;
  if (view.level === "nothing" || isMuted(view)) return false;
  // Read on another device already.
  return !(message && !message.thread_id && message.ordinal <= view.read_ordinal);
}

async function isLookedAt(id: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === LOOKED_AT + id);
}

function words(model: Model, id: string, message: Message | null, actor?: string | null): Shown {
  const view = model.conversations.get(id);
  const title = view === undefined ? "" : conversationTitle(model, view);
  const who = personName(model, message?.sender_id ?? actor) || "Somebody";
  const person = model.people.get(message?.sender_id ?? actor ?? "");
  const icon = person?.avatar ? `${API_URL}/users/${person.id}/avatar?v=${person.avatar}` : undefined;
  if (message === null)
    return { title: who, body: `You are in ${title || "a group"} now.`, tag: id, place: places.conversation(id), icon };
  const place = message.thread_id ? places.thread(id, message.thread_id) : places.message(id, message.seq);
  const body = messageLine(model, message);
  return { title: view?.kind === "group" ? `${who} in ${title}` : who, body, tag: id, place, icon };
}
