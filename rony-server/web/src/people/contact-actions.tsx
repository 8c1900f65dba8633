import { Ban, Ellipsis, Pencil, Star, StarOff, UserMinus, UserPlus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { explain } from "@/api/client";
import type { Contact, User } from "@/api/types";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { addContact, changeContact, removeContact } from "./contacts";
import { EditContact } from "./edit-contact";

/** What one can do about somebody: keep them at hand, note something, block them. */
export function ContactActions({ user, contact }: { user: User; contact: Contact | undefined }) {
  const [open, setOpen] = useState<"edit" | "block" | null>(null);
  const listed = contact?.listed === true;
  const blocked = contact?.blocked === true;

  async function run(action: Promise<unknown>, done: string) {
    try {
      await action;
      toast(done);
    } catch (error) {
      toast.error(explain(error));
    }
  }

  return (
    <>
      {!listed && !blocked && (
        <Button
          look="plain"
          onClick={() => void run(addContact({ user_id: user.id }), `${user.display_name} is in your contacts.`)}
        >
          <UserPlus className="size-4 max-sm:hidden" />
          Add to contacts
        </Button>
      )}
      {blocked && (
        <Button
          look="plain"
          onClick={() =>
            void run(changeContact(user.id, { blocked: false }), `${user.display_name} is not blocked any more.`)
          }
        >
          Unblock
        </Button>
      )}
      {listed && (
        <Button look="plain" onClick={() => setOpen("edit")}>
          <Pencil className="size-4" />
          Edit
        </Button>
      )}
      <Menu
        trigger={
          <Button look="plain" size="icon" className="size-10" aria-label="More">
            <Ellipsis />
          </Button>
        }
      >
        {listed && (
          <>
            <MenuItem
              onSelect={() =>
                void run(
                  changeContact(user.id, { favorite: !contact.favorite }),
                  contact.favorite ? "No favourite any more." : "They stand on top of your contacts.",
                )
              }
            >
              {contact.favorite ? <StarOff /> : <Star />}
              {contact.favorite ? "Remove from favourites" : "Add to favourites"}
            </MenuItem>
            <MenuItem
              onSelect={() =>
                void run(removeContact(user.id), `${user.display_name} is not in your contacts any more.`)
              }
            >
              <UserMinus />
              Remove from contacts
            </MenuItem>
            <MenuSeparator />
          </>
        )}
        {!blocked && (
          <MenuItem danger onSelect={() => setOpen("block")}>
            <Ban />
            Block…
          </MenuItem>
        )}
        {blocked && listed === false && (
          <MenuItem onSelect={() => void run(addContact({ user_id: user.id }), "They are in your contacts.")}>
            <UserPlus />
            Add to contacts
          </MenuItem>
        )}
      </Menu>
      {open === "edit" && contact && <EditContact user={user} contact={contact} close={() => setOpen(null)} />}
      {open === "block" && (
        <Confirm
          title={`Block ${user.display_name}?`}
          action="Block"
          danger
          close={() => setOpen(null)}
          run={() => changeContact(user.id, { blocked: true })}
        >
          They cannot write to you directly any more, and do not see whether you are present. They are not told. In
          groups that you share, you still see each other.
        </Confirm>
      )}
    </>
  );
}
