import { useState } from "react";
import { ApiError } from "@/api/client";
import type { Contact, User } from "@/api/types";
import { useModel } from "@/client/hooks";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, TextField } from "@/ui/field";
import { Refused } from "@/ui/refused";
import { Switch } from "@/ui/switch";
import { changeContact } from "./contacts";

interface Props {
  user: User;
  contact: Contact;
  close: () => void;
}

/** What one keeps about a contact. Only oneself sees it. */
export function EditContact({ user, contact, close }: Props) {
  const [nickname, setNickname] = useState(contact.nickname);
  const [groups, setGroups] = useState(contact.groups.join(", "));
  const [note, setNote] = useState(contact.note);
  const [favorite, setFavorite] = useState(contact.favorite);
  const [error, setError] = useState<unknown>(null);
  const known = useModel((model) => [...new Set([...model.contacts.values()].flatMap((one) => one.groups))].join(", "));
  const fields = error instanceof ApiError ? error.fields : {};

  async function save(event: React.FormEvent) {
    event.preventDefault();
    const names = groups.split(",").map((name) => name.trim());
    const changes = {
      nickname: nickname.trim(),
      note: note.trim(),
      favorite,
      groups: names.filter((name) => name !== ""),
    };
    try {
      await changeContact(user.id, changes);
      close();
    } catch (failed) {
      setError(failed);
    }
  }

  return (
    <Dialog open onOpenChange={close} title={`Edit ${user.display_name}`} description="Only you see this.">
      <form className="flex flex-col gap-5" onSubmit={(event) => void save(event)}>
        <Field
          label="What you call them"
          dir="auto"
          maxLength={80}
          placeholder={user.display_name}
          value={nickname}
          error={fields.nickname}
          onChange={({ target }) => setNickname(target.value)}
        />
        <Field
          label="Groups"
          dir="auto"
          hint={`With commas between.${known ? ` You have: ${known}.` : ""}`}
          placeholder="Family, Work"
          value={groups}
          error={fields.groups}
          onChange={({ target }) => setGroups(target.value)}
        />
        <TextField
          label="Note"
          dir="auto"
          maxLength={4000}
          value={note}
          error={fields.note}
          onChange={({ target }) => setNote(target.value)}
        />
        <Switch label="Favourite" hint="They stand on top." checked={favorite} onChange={setFavorite} />
        {Object.keys(fields).length === 0 && <Refused error={error} />}
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button type="submit">Save</Button>
        </div>
      </form>
    </Dialog>
  );
}
