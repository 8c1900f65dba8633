/** Asks before something that cannot simply be undone. */
import { LoaderCircle } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Refused } from "./refused";

interface Props {
  title: string;
  /** What it does, and what it does not. */
  children: ReactNode;
  /** What the button says: the thing itself, not "OK". */
  action: string;
  danger?: boolean;
  /** Does it; what goes wrong is shown here. */
  run: () => Promise<unknown>;
  close: () => void;
}

export function Confirm({ title, children, action, danger, run, close }: Props) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function confirm() {
    setBusy(true);
    setError(null);
    try {
      await run();
      close();
    } catch (failed) {
      setError(failed);
    }
    setBusy(false);
  }

  return (
    <Dialog open onOpenChange={(open) => !open && close()} title={title} description={children}>
      <div className="flex flex-col gap-4">
        <Refused error={error} />
        <div className="flex justify-end gap-2">
          <Button look="plain" autoFocus={danger} onClick={close}>
            Cancel
          </Button>
          <Button
            look={danger ? "danger" : "primary"}
            autoFocus={!danger}
            disabled={busy}
            onClick={() => void confirm()}
          >
            {busy && <LoaderCircle className="size-4 animate-spin" aria-hidden />}
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
