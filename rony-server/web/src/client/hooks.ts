/** What components know of the client. */
import { createContext, useContext, useEffect, useSyncExternalStore } from "react";
import type { UserSummary } from "@/api/types";
import type { Model } from "@/model/model";
import type { Client, State } from "./client";

export const ClientContext = createContext<Client | null>(null);

/** The client of whoever is signed in. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error("nobody is signed in here");
  return client;
}

/** A part of what is shown; drawn again only when it changes. `select` must give the same value for the same state. */
export function useClientState<T>(select: (state: State) => T): T {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, () => select(client.snapshot()));
}

/** A part of the model. Components below the shell are there only when the model is. */
export function useModel<T>(select: (model: Model) => T): T {
  return useClientState(({ model }) => {
    if (model === null) throw new Error("nothing is loaded yet");
    return select(model);
  });
}

/** Somebody by id; undefined until they are known, which they are soon. */
export function usePerson(id: string | null | undefined): UserSummary | undefined {
  const client = useClient();
  const person = useModel((model) => (id ? (id === model.me.id ? model.me : model.people.get(id)) : undefined));
  useEffect(() => {
    if (id && person === undefined) client.needPerson(id);
  }, [client, id, person]);
  return person;
}

/** What a person is called here: by the nickname that one gave them, else by their own name. */
export function usePersonName(id: string | null | undefined): string {
  const nickname = useModel((model) => (id ? model.contacts.get(id)?.nickname : undefined));
  const person = usePerson(id);
  return nickname || person?.display_name || "…";
}

export { useLatest } from "@/lib/latest";
