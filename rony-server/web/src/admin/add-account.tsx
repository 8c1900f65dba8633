/** Adding a person or a bot. */
import { Bot, UserRound } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, call, explain } from "@/api/client";
import type { components } from "@/api/schema";
import type { User } from "@/api/types";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Choice, Field } from "@/ui/field";
import { Alert } from "@/ui/refused";
import { useForm } from "@/welcome/form";
import { makeReset, type Reset, ShowReset } from "./reset-link";

interface Props {
  added: () => void;
  close: () => void;
  /** Shows the tokens of a bot that was added: without one it cannot do anything. */
  tokens: (bot: User) => void;
}

export function AddAccount({ added, close, tokens }: Props) {
  const [made, setMade] = useState<{ user: User; reset: Reset } | null>(null);
  if (made !== null) {
    const name = made.user.display_name;
    return (
      <Dialog
        open
        onOpenChange={close}
        title={`${name} has an account`}
        description={`Send them this link: by it they choose their password, and are in. They sign in as @${made.user.username}.`}
      >
        <ShowReset made={made.reset} name={name} close={close} />
      </Dialog>
    );
  }
  return (
    <Wish
      close={close}
      added={async (user) => {
        added();
        if (user.bot) {
          toast.success(`${user.display_name} is added. Now make a token for its program.`);
          close();
          tokens(user);
        } else {
          try {
            setMade({ user, reset: await makeReset(user) });
          } catch (error) {
            toast.error(
              `${user.display_name} has an account, but no link yet. ${explain(error)} Make one from the list.`,
            );
            close();
          }
        }
      }}
    />
  );
}

const KINDS = [
  { bot: false, name: "A person", icon: UserRound },
  { bot: true, name: "A bot", icon: Bot },
] as const;

function Wish({ added, close }: { added: (user: User) => Promise<void>; close: () => void }) {
  const [bot, setBot] = useState(false);
  const [username, setUsername] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [role, setRole] = useState<User["role"]>("member");
  const form = useForm(["username", "display_name", "role"], async () => {
    const wish = {
      username: username.trim(),
      display_name: displayName.trim() || null,
      bot,
      role: bot ? "member" : role,
    };
    await added(await call(api.POST("/users", { body: wish as components["schemas"]["NewUser"] })));
  });
  return (
    <Dialog open onOpenChange={close} title="Add somebody">
      <form onSubmit={form.submit} className="flex flex-col gap-5" noValidate>
        <fieldset className="grid grid-cols-2 gap-3">
          <legend className="sr-only">Who is it?</legend>
          {KINDS.map(({ bot: it, name, icon: Icon }) => (
            <label
              key={name}
              className={cn(
                "flex cursor-pointer items-center justify-center gap-2 rounded-lg border px-3 py-2.5 text-sm",
                "has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2",
                bot === it ? "border-accent bg-selected font-medium text-link" : "hover:bg-hover",
              )}
            >
              <input type="radio" name="kind" className="sr-only" checked={bot === it} onChange={() => setBot(it)} />
              <Icon className="size-4" aria-hidden />
              {name}
            </label>
          ))}
        </fieldset>
        <Field
          label="Name"
          dir="auto"
          autoFocus
          maxLength={64}
          hint={bot ? "As others see it, such as Build bot." : "As others see it, such as Ann Lee. They can change it."}
          value={displayName}
          error={form.fields.display_name}
          onChange={({ target }) => setDisplayName(target.value)}
        />
        <Field
          label="Username"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          hint={
            bot ? "Others mention it by this name." : "To sign in, and to be mentioned. It cannot be changed later."
          }
          value={username}
          error={form.fields.username}
          onChange={({ target }) => setUsername(target.value)}
        />
        {!bot && (
          <Choice
            label="What may they do?"
            value={role}
            error={form.fields.role}
            onChange={({ target }) => setRole(target.value as User["role"])}
          >
            <option value="member">Use Rony, as everybody</option>
            <option value="administrator">Administer the server, too</option>
          </Choice>
        )}
        <Alert>{form.error}</Alert>
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={form.busy || username.trim() === ""}>
            {bot ? "Add bot" : "Add person"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
