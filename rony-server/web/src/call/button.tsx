/** One click to a call from a conversation. */
import { Phone, Video } from "lucide-react";
import { usePerson } from "@/client/hooks";
import { rights } from "@/conversation/rights";
import { useTalk } from "@/conversation/talk";
import { Button } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { useCalls, useDesk } from "./hooks";

/** More meet in a room. */
const MOST = 33;

export function CallButton() {
  const { view } = useTalk();
  const desk = useDesk();
  const { calls } = useCalls();
  const person = usePerson(view.peer_id);
  const group = view.kind === "group";
  const somebody = group ? view.member_count > 1 && view.member_count <= MOST : view.peer_id != null && !person?.bot;
  if (!rights(view).write || !somebody) return null;
  const busy = desk === null || calls.some((call) => call.conversation === view.id);
  const call = group ? "Call the group" : "Call";
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={call} title={call} disabled={busy}>
          <Phone />
        </Button>
      }
    >
      <MenuItem onSelect={() => desk?.start(view.id, false)}>
        <Phone /> Voice call
      </MenuItem>
      <MenuItem onSelect={() => desk?.start(view.id, true)}>
        <Video /> Video call
      </MenuItem>
    </Menu>
  );
}
