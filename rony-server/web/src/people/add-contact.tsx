import { useState } from "react";
import { ApiError } from "@/api/client";
import { places, useNavigate } from "@/lib/navigate";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { addContact } from "./contacts";

/** Adds somebody whose username one knows. */
export default function AddContact({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const [username, setUsername] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = error instanceof ApiError ? (error.fields.username ?? error.fields.user_id) : undefined;

  async function add(event: React.FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const contact = await addContact({ username: username.trim() });
      navigate(places.person(contact.user_id));
      close();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  }

  return (
    <Dialog open onOpenChange={close} title="Add a contact" description="They are not asked, and not told.">
      <form className="flex flex-col gap-5" onSubmit={(event) => void add(event)}>
        <Field
          label="Their username"
          hint="Not sure? Find them by their name under People."
          placeholder="@ann"
          autoFocus
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={username}
          error={field}
          onChange={({ target }) => setUsername(target.value)}
        />
        {!field && <Refused error={error} />}
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={busy || username.trim() === ""}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
