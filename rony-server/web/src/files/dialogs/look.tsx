/** How a folder looks: an icon and a colour, by which one finds it among others. */
import { useQueryClient } from "@tanstack/react-query";
import { Check, Folder, X } from "lucide-react";
import { useState } from "react";
import type { Item } from "@/api/types";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Refused } from "@/ui/refused";
import { useDoor } from "../door";
import { refreshFiles } from "../queries";
import { COLOURS, tintOf } from "../words";

interface Look {
  icon: string;
  color: string;
}

const ICONS = "📁 📌 ⭐ 📷 🎬 🎵 📚 📝 💼 💰 🧾 🏠 🌿 🎉 ✈️ 🚀 🔧 🎨 🧪 🔒".split(" ");

export default function LookDialog({ item, close }: { item: Item; close: () => void }) {
  const door = useDoor();
  const queries = useQueryClient();
  const [look, setLook] = useState<Look>({ icon: item.icon, color: item.color });
  const [error, setError] = useState<unknown>(null);

  async function save() {
    try {
      await door.change(item.id, look);
      void refreshFiles(queries);
      close();
    } catch (failed) {
      setError(failed);
    }
  }

  return (
    <Dialog open onOpenChange={close} title="Icon and colour">
      <div className="flex flex-col gap-5">
        <LookFields look={look} change={setLook} />
        <Refused error={error} />
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button onClick={() => void save()}>Save</Button>
        </div>
      </div>
    </Dialog>
  );
}

export function LookFields({ look, change }: { look: Look; change: (look: Look) => void }) {
  return (
    <>
      <fieldset>
        <legend className="mb-2 font-medium text-sm">Colour</legend>
        <div className="flex w-fit flex-wrap gap-1.5 max-sm:grid max-sm:grid-cols-5">
          {COLOURS.map(([color, name]) => (
            <button
              key={color}
              type="button"
              aria-label={name}
              title={name}
              aria-pressed={look.color === color}
              onClick={() => change({ ...look, color })}
              className={cn(
                "flex size-8 items-center justify-center rounded-full border-2 border-transparent",
                look.color === color && "border-text",
              )}
            >
              <span
                className="flex size-6 items-center justify-center rounded-full text-white"
                style={{ background: tintOf(color) ?? "var(--muted)" }}
              >
                {look.color === color ? (
                  <Check className={cn("size-3.5", color === "" && "text-text")} aria-hidden />
                ) : (
                  color === "" && <Folder className="size-3.5 text-soft" aria-hidden />
                )}
              </span>
            </button>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend className="mb-2 font-medium text-sm">Icon</legend>
        <div className="flex flex-wrap gap-1">
          <IconButton label="No icon" here={look.icon === ""} choose={() => change({ ...look, icon: "" })}>
            <X className="size-4 text-soft" aria-hidden />
          </IconButton>
          {ICONS.map((icon) => (
            <IconButton key={icon} label={icon} here={look.icon === icon} choose={() => change({ ...look, icon })}>
              {icon}
            </IconButton>
          ))}
        </div>
      </fieldset>
    </>
  );
}

interface IconProps {
  label: string;
  here: boolean;
  choose: () => void;
  children: React.ReactNode;
}

function IconButton({ label, here, choose, children }: IconProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={here}
      onClick={choose}
      className={cn(
        "flex size-9 items-center justify-center rounded-lg border border-transparent text-lg hover:bg-hover",
        here && "border-accent bg-selected",
      )}
    >
      {children}
    </button>
  );
}
