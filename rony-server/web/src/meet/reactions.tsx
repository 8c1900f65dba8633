import { SmilePlus } from "lucide-react";
import { Button } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import type { Meeting } from "./meeting";

const EMOJI = [
  ["👍", "Thumbs up"],
  ["👏", "Applause"],
  ["❤️", "Heart"],
  ["😂", "Laughter"],
  ["🎉", "Party"],
  ["😮", "Surprise"],
] as const;

/** What one shows all others for a moment. */
export function Reactions({ meeting }: { meeting: Meeting }) {
  return (
    <Menu
      side="top"
      align="center"
      trigger={
        <Button look="plain" size="icon" className="size-10 max-sm:size-9" aria-label="React" title="React">
          <SmilePlus />
        </Button>
      }
    >
      {EMOJI.map(([emoji, name]) => (
        <MenuItem key={emoji} onSelect={() => meeting.say({ type: "reaction", emoji })}>
          <span aria-hidden className="w-7 text-center text-xl">
            {emoji}
          </span>
          {name}
        </MenuItem>
      ))}
    </Menu>
  );
}
