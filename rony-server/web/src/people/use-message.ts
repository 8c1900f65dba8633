import { useQuery } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { Message, Notification } from "@/api/types";
import { useModel } from "@/client/hooks";

/** The message that a notification is about: from what is here already, else asked for. */
export function useMessage({ conversation_id: id, message_id, at }: Notification): Message | undefined {
  const known = useModel((model) => {
    if (!id) return undefined;
    const last = model.conversations.get(id)?.last_message;
    if (last && last.id === message_id) return last;
    return model.timelines.get(id)?.messages.find((message) => message.id === message_id);
  });
  const asked = useQuery({
    queryKey: ["message", id, message_id, at],
    queryFn: () =>
      call(
        api.GET("/conversations/{id}/messages/{message_id}", {
          params: { path: { id: id ?? "", message_id: message_id ?? "" } },
        }),
      ),
    enabled: known === undefined && id != null && message_id != null,
    staleTime: 60_000,
    retry: false,
  });
  return known ?? asked.data;
}
