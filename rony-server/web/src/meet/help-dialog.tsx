import { setSingleKeys, useSingleKeys } from "@/lib/single-keys";
import { Dialog } from "@/ui/dialog";
import { Switch } from "@/ui/switch";
import { SHORTCUTS } from "./keys";

/** The keys of a meeting. */
export function HelpDialog({ close }: { close: () => void }) {
  const single = useSingleKeys();
  return (
    <Dialog open onOpenChange={close} title="Keyboard shortcuts">
      <div className="flex flex-col gap-5">
        <Switch
          label="Single keys"
          hint="They work while you are not writing. Switch them off if you speak to your device."
          checked={single}
          onChange={setSingleKeys}
        />
        {single && (
          <dl>
            {SHORTCUTS.map(([what, key]) => (
              <div
                key={what}
                className="flex items-center justify-between gap-4 border-border py-1.5 text-sm not-last:border-b"
              >
                <dt>{what}</dt>
                <dd>
                  <kbd className="min-w-6 rounded-md border border-b-2 bg-muted px-1.5 py-0.5 text-center font-sans text-xs">
                    {key}
                  </kbd>
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </Dialog>
  );
}
