import { useState } from "react";
import { api, call } from "@/api/client";
import type { User } from "@/api/types";
import { until } from "@/lib/time";
import { CopyLink } from "@/shell/copy-link";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Refused } from "@/ui/refused";

export interface Reset {
  link: string;
  expires_at: string;
}

export function makeReset(user: User): Promise<Reset> {
  return call(api.POST("/users/{id}/reset-link", { params: { path: { id: user.id } } }));
}

/** Makes a link by which somebody sets their password, and shows it once. */
export function ResetLink({ user, close }: { user: User; close: () => void }) {
  const [made, setMade] = useState<Reset | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function make() {
    setBusy(true);
    setError(null);
    await makeReset(user).then(setMade).catch(setError);
    setBusy(false);
  }

  return (
    <Dialog
      open
      onOpenChange={close}
      title={`A reset link for ${user.display_name}`}
      description="By it they set another password. Then they are signed out everywhere else. Earlier links of theirs end now."
    >
      {made ? (
        <ShowReset made={made} name={user.display_name} close={close} />
      ) : (
        <div className="flex flex-col gap-4">
          <Refused error={error} />
          <div className="flex justify-end gap-2">
            <Button look="plain" onClick={close}>
              Cancel
            </Button>
            <Button disabled={busy} onClick={() => void make()}>
              Make the link
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

/** The link, to be handed on. */
export function ShowReset({ made, name, close }: { made: Reset; name: string; close: () => void }) {
  return (
    <>
      <CopyLink
        label="Link"
        link={made.link}
        hint={`It works once, ${until(made.expires_at)}, and is shown only here. Give it to ${name} alone: whoever has it has the account.`}
      />
      <div className="mt-6 flex justify-end">
        <Button look="plain" onClick={close}>
          Done
        </Button>
      </div>
    </>
  );
}
