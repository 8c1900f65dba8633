import { Fragment } from "react";
import { setSingleKeys, useSingleKeys } from "@/lib/single-keys";
import { Dialog } from "@/ui/dialog";
import { Switch } from "@/ui/switch";
import { MAIN_KEY } from "./shortcuts";

type Shortcuts = readonly (readonly [string, readonly string[]])[];

const EVERYWHERE: Shortcuts = [
  ["Go anywhere", [MAIN_KEY, "K"]],
  ["Next conversation with something new", ["Alt", "Shift", "↓"]],
  ["The one before", ["Alt", "Shift", "↑"]],
  ["This list", [MAIN_KEY, "/"]],
  ["Close what is open", ["Esc"]],
];

const WRITING: Shortcuts = [
  ["Send", ["Enter"]],
  ["New line", ["Shift", "Enter"]],
  ["Change your last message, while nothing is written", ["↑"]],
  ["Mark the conversation as read, while nothing is open", ["Esc"]],
];

const FILES: Shortcuts = [
  ["Open", ["Enter"]],
  ["Choose several", ["Shift", "↓"]],
  ["Choose all", [MAIN_KEY, "A"]],
  ["Rename", ["F2"]],
  ["Move to trash", ["Del"]],
  ["Next and previous, in a preview", ["→", "←"]],
];

const SINGLE: Shortcuts = [
  ["Next and previous with something new", ["J", "K"]],
  ["Search", ["/"]],
  ["New conversation", ["N"]],
  ["This list", ["?"]],
];

export default function ShortcutsDialog({ close }: { close: () => void }) {
  const single = useSingleKeys();
  return (
    <Dialog open onOpenChange={close} title="Keyboard shortcuts" className="sm:max-w-lg">
      <div className="flex flex-col gap-5">
        <List name="Everywhere" shortcuts={EVERYWHERE} />
        <List name="While writing" shortcuts={WRITING} />
        <List name="In files" shortcuts={FILES} />
        <div className="flex flex-col gap-3 rounded-xl border p-4">
          <Switch
            label="Single keys"
            hint="They work while you are not writing. Switch them off if you speak to your device."
            checked={single}
            onChange={setSingleKeys}
          />
          {single && <List shortcuts={SINGLE} />}
        </div>
      </div>
    </Dialog>
  );
}

function List({ name, shortcuts }: { name?: string; shortcuts: Shortcuts }) {
  return (
    <section>
      {name && <h3 className="mb-1 font-semibold text-sm">{name}</h3>}
      <dl>
        {shortcuts.map(([what, keys]) => (
          <div
            key={what}
            className="flex items-center justify-between gap-4 border-border py-1.5 text-sm not-last:border-b"
          >
            <dt>{what}</dt>
            <dd className="flex shrink-0 items-center gap-1">
              {keys.map((key, index) => (
                <Fragment key={key}>
                  {index > 0 && <span className="sr-only"> </span>}
                  <kbd className="min-w-6 rounded-md border border-b-2 bg-muted px-1.5 py-0.5 text-center font-sans text-xs">
                    {key}
                  </kbd>
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
