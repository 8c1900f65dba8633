import { useQuery } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { Message } from "@/api/types";
import { useModel } from "@/client/hooks";

/** A message of a conversation by its id: from what is here already, else asked for. Null where there is none. */
export function useMessage(id: string, message_id: string, thread?: string): Message | null | undefined {
  const known = useModel((model) => {
    const lists = thread ? [model.timelines.get(thread), model.timelines.get(id)] : [model.timelines.get(id)];
    for (const list of lists) {
      const found = list?.messages.findLast((message) => message.id === message_id);
      if (found) return found;
    }
    return undefined;
  });
  const asked = useQuery({
    queryKey: ["message", id, message_id],
    queryFn: () => call(api.GET("/conversations/{id}/messages/{message_id}", { params: { path: { id, message_id } } })),
    enabled: known === undefined,
    staleTime: 60_000,
    retry: false,
  });
  return known ?? asked.data ?? (asked.isError ? null : undefined);
}
