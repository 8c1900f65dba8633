/** One click to a call from a conversation. */
import { Phone, Presentation, Video } from "lucide-react";
import { usePerson } from "@/client/hooks";
import { rights } from "@/conversation/rights";
import { useTalk } from "@/conversation/talk";
import { useMeet } from "@/rooms/use-meet";
import { Button } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { useCalls, useDesk } from "./hooks";

/** More meet in a room. */
const MOST = 33;

/** Whether those of the conversation that is open can be called from it. */
export function useMayCall(): boolean {
  const { view } = useTalk();
  const person = usePerson(view.peer_id);
  const somebody =
    view.kind === "group" ? view.member_count > 1 && view.member_count <= MOST : view.peer_id != null && !person?.bot;
  return rights(view).write && somebody;
}

export function CallButton() {
  const { view } = useTalk();
  const desk = useDesk();
  const { calls } = useCalls();
  const { meet } = useMeet();
  if (!useMayCall()) return null;
  const busy = desk === null || calls.some((call) => call.conversation === view.id);
  const call = view.kind === "group" ? "Call the group" : "Call";
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
      {/* Where there is no room for its own button. */}
      <MenuItem className="sm:hidden" onSelect={() => void meet(view)}>
        <Presentation /> Start a meeting
      </MenuItem>
    </Menu>
  );
}
