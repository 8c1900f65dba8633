/** One's contacts at the server. What changes comes back as an event, to all devices. */
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import type { Contact } from "@/api/types";

type Add = components["schemas"]["AddContact"];
type Changes = components["schemas"]["ContactChanges"];

/** Adds somebody by id or by username. */
export function addContact(contact: Partial<Add>): Promise<Contact> {
  return call(api.POST("/contacts", { body: contact as Add }));
}

/** What is left out stays as it is. */
export function changeContact(user_id: string, changes: Partial<Changes>): Promise<unknown> {
  return call(api.PATCH("/contacts/{user_id}", { params: { path: { user_id } }, body: changes as Changes }));
}

export function removeContact(user_id: string): Promise<unknown> {
  return call(api.DELETE("/contacts/{user_id}", { params: { path: { user_id } } }));
}
