import { Ellipsis, X } from "lucide-react";
import { Button } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { Tooltip } from "@/ui/tooltip";
import type { Offer } from "./offers";

interface Props {
  count: number;
  offers: readonly Offer[];
  clear: () => void;
}

/** What can be done with what is chosen. It takes the place of another line: what one clicks on twice must not move. */
export function SelectionBar({ count, offers, clear }: Props) {
  const rest = offers.filter(({ bar }) => !bar);
  return (
    <div
      role="toolbar"
      aria-label="What is chosen"
      className="mx-2 mb-2 flex h-10 shrink-0 items-center gap-0.5 rounded-lg bg-selected px-1.5 md:mx-3"
    >
      <Button look="ghost" size="icon" aria-label="Choose nothing" onClick={clear}>
        <X />
      </Button>
      <span role="status" className="min-w-0 flex-1 truncate pl-1 font-medium text-sm">
        {count.toLocaleString()}
        {/* On a phone there is room for the number alone. */}
        <span className="max-sm:sr-only"> {count === 1 ? "item" : "items"} chosen</span>
      </span>
      {offers
        .filter(({ bar }) => bar)
        .map(({ label, icon: Icon, run, danger }) => (
          <Tooltip key={label} label={label.replace("…", "")} side="bottom">
            <Button
              look="ghost"
              size="icon"
              aria-label={label.replace("…", "")}
              onClick={run}
              className={danger ? "text-danger hover:text-danger" : undefined}
            >
              <Icon />
            </Button>
          </Tooltip>
        ))}
      {rest.length > 0 && (
        <Menu
          trigger={
            <Button look="ghost" size="icon" aria-label="More for what is chosen">
              <Ellipsis />
            </Button>
          }
        >
          {rest.map(({ label, icon: Icon, run }) => (
            <MenuItem key={label} onSelect={run}>
              <Icon />
              {label}
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  );
}
