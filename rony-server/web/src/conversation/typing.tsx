import { useEffect } from "react";
import { useClient, useModel } from "@/client/hooks";
import { personName } from "@/model/naming";

/** Who is writing at the moment. Its line is always there, so that nothing moves. */
export function Typing({ conversation }: { conversation: string }) {
  const client = useClient();
  const typists = useModel((model) => model.typing.get(conversation));
  useEffect(() => {
    for (const id of typists ?? []) client.needPerson(id);
  }, [client, typists]);
  const words = useModel((model) => {
    const names = (model.typing.get(conversation) ?? [])
      .filter((user) => user !== model.me.id)
      .map((user) => personName(model, user));
    if (names.length === 0) return "";
    if (names.length > 3) return "Several people are typing…";
    const last = names.pop();
    return names.length === 0 ? `${last} is typing…` : `${names.join(", ")} and ${last} are typing…`;
  });
  return (
    <p dir="auto" className="h-5 shrink-0 truncate px-5 text-soft text-xs">
      {words}
    </p>
  );
}
