import { useModel, usePersonName } from "@/client/hooks";
import { useConversationTitle } from "@/model/naming";
import type { Call } from "./state";

/** Whom a call is with: the other one, or the group. `user` is null for a group. */
export function useWith({ caller, conversation }: Pick<Call, "caller" | "conversation">): {
  name: string;
  user: string | null;
  group: boolean;
} {
  const me = useModel((model) => model.me.id);
  const view = useModel((model) => (conversation === null ? undefined : model.conversations.get(conversation)));
  const title = useConversationTitle(view);
  const group = view?.kind === "group";
  const user = group ? null : caller === me ? (view?.peer_id ?? null) : caller;
  const person = usePersonName(user);
  return { name: group ? title : person, user, group };
}
