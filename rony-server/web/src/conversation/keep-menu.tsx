import { Bell, BellOff, Ellipsis, Info, Star, StarOff } from "lucide-react";
import type { ConversationView } from "@/api/types";
import { until } from "@/lib/time";
import { morning } from "@/shell/do-not-disturb";
import { isMuted } from "@/shell/order";
import { Button } from "@/ui/button";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator, SubMenu } from "@/ui/menu";
import { keep } from "./acts";

const HOUR = 3_600_000;
/** Later than anybody asks. */
const FOREVER = "9999-01-01T00:00:00.000Z";
const LEVELS = [
  ["all", "Every message"],
  ["mentions", "Only mentions"],
  ["nothing", "Nothing"],
] as const;

interface Props {
  view: ConversationView;
  title: string;
  details: () => void;
}

/** How one keeps a conversation: what one is told of it, and whether it stands at the top. */
export function KeepMenu({ view, title, details }: Props) {
  const mute = (milliseconds: number) =>
    void keep(view.id, { muted_until: new Date(Date.now() + milliseconds).toISOString() });
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={`More for ${title}`}>
          <Ellipsis />
        </Button>
      }
    >
      <MenuLabel>Tell me of</MenuLabel>
      {LEVELS.map(([level, words]) => (
        <MenuChoice key={level} checked={view.level === level} onSelect={() => void keep(view.id, { level })}>
          {words}
        </MenuChoice>
      ))}
      <MenuSeparator />
      {isMuted(view) ? (
        <MenuItem onSelect={() => void keep(view.id, { muted_until: null })}>
          <Bell />
          Unmute
          {view.muted_until && !view.muted_until.startsWith("9999") && (
            <span className="text-soft">({until(view.muted_until)})</span>
          )}
        </MenuItem>
      ) : (
        <SubMenu icon={<BellOff />} label="Mute">
          <MenuItem onSelect={() => mute(HOUR)}>For 1 hour</MenuItem>
          <MenuItem onSelect={() => mute(8 * HOUR)}>For 8 hours</MenuItem>
          <MenuItem onSelect={() => void keep(view.id, { muted_until: morning(1).toISOString() })}>
            Until tomorrow morning
          </MenuItem>
          <MenuItem onSelect={() => void keep(view.id, { muted_until: FOREVER })}>Until I unmute it</MenuItem>
        </SubMenu>
      )}
      <MenuItem onSelect={() => void keep(view.id, { favorite: !view.favorite })}>
        {view.favorite ? <StarOff /> : <Star />}
        {view.favorite ? "Remove from favourites" : "Add to favourites"}
      </MenuItem>
      <MenuItem onSelect={details}>
        <Info /> Details
      </MenuItem>
    </Menu>
  );
}
