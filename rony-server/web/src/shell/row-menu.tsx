import { BellOff, CheckCheck, Ellipsis, Star, StarOff } from "lucide-react";
import { toast } from "sonner";
import { api, call, explain } from "@/api/client";
import type { components } from "@/api/schema";
import type { ConversationView } from "@/api/types";
import { useClient } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { Menu, MenuItem, SubMenu } from "@/ui/menu";
import { morning } from "./do-not-disturb";
import { isMuted } from "./order";

type Change = components["schemas"]["SettingsChange"];

interface Props {
  view: ConversationView;
  title: string;
  stop: boolean;
}

const HOUR = 3_600_000;
/** Later than anybody asks. */
const FOREVER = "9999-01-01T00:00:00.000Z";

/** How one keeps a conversation, from the list. */
export function RowMenu({ view, title, stop }: Props) {
  const client = useClient();
  const keep = (body: Change) => void change(view.id, body);
  const mute = (milliseconds: number) => keep({ muted_until: new Date(Date.now() + milliseconds).toISOString() });
  return (
    <div
      className={cn(
        "absolute top-1.5 right-1.5 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100",
        "has-data-[state=open]:opacity-100 pointer-coarse:hidden",
      )}
    >
      <Menu
        trigger={
          <Button look="ghost" size="icon-small" tabIndex={stop ? 0 : -1} aria-label={`More for ${title}`}>
            <Ellipsis />
          </Button>
        }
      >
        {view.unread > 0 && (
          <MenuItem onSelect={() => client.markRead(view.id, view.newest_ordinal)}>
            <CheckCheck />
            Mark as read
          </MenuItem>
        )}
        <MenuItem onSelect={() => keep({ favorite: !view.favorite })}>
          {view.favorite ? <StarOff /> : <Star />}
          {view.favorite ? "Remove from favourites" : "Add to favourites"}
        </MenuItem>
        {isMuted(view) ? (
          <MenuItem onSelect={() => keep({ muted_until: null })}>
            <BellOff />
            Unmute
          </MenuItem>
        ) : (
          <SubMenu icon={<BellOff />} label="Mute">
            <MenuItem onSelect={() => mute(HOUR)}>For 1 hour</MenuItem>
            <MenuItem onSelect={() => mute(8 * HOUR)}>For 8 hours</MenuItem>
            <MenuItem onSelect={() => keep({ muted_until: morning(1).toISOString() })}>Until tomorrow morning</MenuItem>
            <MenuItem onSelect={() => keep({ muted_until: FOREVER })}>Until I unmute it</MenuItem>
          </SubMenu>
        )}
      </Menu>
    </div>
  );
}

async function change(id: string, body: Change): Promise<void> {
  try {
    await call(api.PATCH("/conversations/{id}/me", { params: { path: { id } }, body }));
  } catch (error) {
    toast.error(explain(error));
  }
}
