/** The conversation of two. */
import { api, call } from "@/api/client";
import { places } from "@/lib/navigate";

/** Opens the direct conversation with somebody, or begins it, and says where it is. With oneself: notes. */
export async function openDirect(user: string): Promise<string> {
  const body = { client_id: crypto.randomUUID(), kind: "direct" as const, member_ids: [user] };
  const { id } = await call(api.POST("/conversations", { body }));
  return places.conversation(id);
}
