/** What one decides about a room: its name, and who comes in how. */
import { type ReactNode, useState } from "react";
import { ApiError } from "@/api/client";
import type { components } from "@/api/schema";
import type { Room } from "@/api/types";
import { Button } from "@/ui/button";
import { Choice, Field } from "@/ui/field";
import { Alert } from "@/ui/refused";
import { Switch } from "@/ui/switch";
import { PasswordField, useForm } from "@/welcome/form";

export type Lobby = Room["lobby"];

/** What the form says. `password` is null where there is none, undefined where the one that there is stays. */
export interface Wish {
  title: string;
  guests: boolean;
  lobby: Lobby;
  locked: boolean;
  password?: components["schemas"]["Secret"] | null;
}

interface Props {
  /** The room that changes; a new one without it. */
  room?: Room;
  action: string;
  send: (wish: Wish) => Promise<unknown>;
  /** What stands beside the button. */
  beside?: ReactNode;
}

export function RoomForm({ room, action, send, beside }: Props) {
  const [title, setTitle] = useState(room?.title ?? "");
  const [guests, setGuests] = useState(room?.guests ?? true);
  const [lobby, setLobby] = useState<Lobby>(room?.lobby ?? "guests");
  const [locked, setLocked] = useState(room?.locked ?? false);
  const [secret, setSecret] = useState(room?.has_password ?? false);
  const [password, setPassword] = useState("");
  const form = useForm(["title", "password"], async () => {
    const kept = secret && password === "";
    if (kept && !room?.has_password)
      throw new ApiError("invalid", "", { password: "Write the password, or switch it off." });
    await send({
      title: title.trim(),
      guests,
      lobby,
      locked,
      ...(!kept && { password: secret ? password : null }),
    });
  });

  return (
    <form className="flex flex-col gap-5" onSubmit={form.submit} noValidate>
      <Field
        label="Name"
        hint="Others see it before they come in. It can be left out."
        dir="auto"
        maxLength={100}
        value={title}
        error={form.fields.title}
        onChange={({ target }) => setTitle(target.value)}
      />
      <Switch
        label="Guests"
        hint="People without an account may ask to come in."
        checked={guests}
        onChange={setGuests}
      />
      <Choice label="Who must be let in" value={lobby} onChange={({ target }) => setLobby(target.value as Lobby)}>
        <option value="off">Nobody: whoever has the link comes in</option>
        <option value="guests">Guests</option>
        <option value="everyone">Everybody</option>
      </Choice>
      <div className="flex flex-col gap-3">
        <Switch label="Password" hint="Asked of everybody but you." checked={secret} onChange={setSecret} />
        {secret && (
          <PasswordField
            label="The meeting’s password"
            name="password"
            autoComplete="off"
            hint={room?.has_password ? "Leave it empty to keep the one that there is." : undefined}
            value={password}
            error={form.fields.password}
            onChange={({ target }) => setPassword(target.value)}
          />
        )}
      </div>
      <Switch
        label="Locked"
        hint="Nobody but you comes in, until you unlock it."
        checked={locked}
        onChange={setLocked}
      />
      <Alert>{form.error}</Alert>
      <div className="flex justify-end gap-2">
        {beside}
        <Button type="submit" disabled={form.busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
