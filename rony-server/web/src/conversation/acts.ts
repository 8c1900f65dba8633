/** What one does to messages and conversations. What goes wrong is said in a toast. */
import { toast } from "sonner";
import { api, call, explain } from "@/api/client";
import type { components } from "@/api/schema";
import type { Message } from "@/api/types";
import { places } from "@/lib/navigate";

/** Does it, and says so where it failed. True when it worked. */
export async function attempt(run: Promise<unknown>): Promise<boolean> {
  try {
    await run;
    return true;
  } catch (error) {
    toast.error(explain(error));
    return false;
  }
}

/** Puts one's emoji under a message, or takes it away. */
export function react({ conversation_id, id: message_id }: Message, emoji: string, on: boolean): Promise<boolean> {
  const params = { path: { conversation_id, message_id, emoji } };
  const path = "/conversations/{conversation_id}/messages/{message_id}/reactions/{emoji}";
  return attempt(call<unknown>(on ? api.PUT(path, { params }) : api.DELETE(path, { params })));
}

export function pin({ conversation_id, id: message_id }: Message, on: boolean): Promise<boolean> {
  const params = { path: { conversation_id, message_id } };
  const path = "/conversations/{conversation_id}/pins/{message_id}";
  return attempt(call<unknown>(on ? api.PUT(path, { params }) : api.DELETE(path, { params })));
}

export function edit({ conversation_id: id, id: message_id }: Message, text: string): Promise<Message> {
  return call(
    api.PATCH("/conversations/{id}/messages/{message_id}", { params: { path: { id, message_id } }, body: { text } }),
  );
}

export function remove({ conversation_id: id, id: message_id }: Message): Promise<unknown> {
  return call<unknown>(
    api.DELETE("/conversations/{id}/messages/{message_id}", { params: { path: { id, message_id } } }),
  );
}

/** Changes how one keeps a conversation. */
export function keep(id: string, body: components["schemas"]["SettingsChange"]): Promise<boolean> {
  return attempt(call(api.PATCH("/conversations/{id}/me", { params: { path: { id } }, body })));
}

/** Changes the conversation for all. */
export function change(id: string, body: components["schemas"]["ConversationChange"]): Promise<unknown> {
  return call<unknown>(api.PATCH("/conversations/{id}", { params: { path: { id } }, body }));
}

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast.success(`${what} copied`);
  } catch {
    toast.error("The browser does not let Rony copy. Select the text and copy it yourself.");
  }
}

/** The address of a message, for others who are in the conversation. */
export function linkTo(message: Message): string {
  const place = message.thread_id
    ? places.thread(message.conversation_id, message.thread_id)
    : places.message(message.conversation_id, message.seq);
  return `${window.location.href.split("#")[0]}#${place}`;
}
