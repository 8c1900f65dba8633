/** What an administrator does about an account: each asks before it is done. */
import { toast } from "sonner";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import type { User } from "@/api/types";
import { TokenList } from "@/settings/token-list";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { ResetLink } from "./reset-link";

type Change = components["schemas"]["AccountChange"];

export interface Act {
  kind: "role" | "power" | "reset" | "tokens";
  user: User;
}

interface Props {
  act: Act;
  /** The list is to be loaded anew. */
  changed: () => Promise<unknown>;
  close: () => void;
}

export function Acting({ act: { kind, user }, changed, close }: Props) {
  const name = user.display_name;

  async function administer(change: Partial<Change>, done: string) {
    await call(api.PATCH("/users/{id}", { params: { path: { id: user.id } }, body: change as Change }));
    await changed();
    toast.success(done);
  }

  if (kind === "reset") return <ResetLink user={user} close={close} />;
  if (kind === "tokens") return <BotTokens user={user} close={close} />;
  if (kind === "role" && user.role === "administrator") {
    return (
      <Confirm
        title={`Make ${name} a member?`}
        action="Make a member"
        danger
        run={() => administer({ role: "member" }, `${name} is a member now.`)}
        close={close}
      >
        They cannot administer the server any more. Their conversations stay as they are.
      </Confirm>
    );
  }
  if (kind === "role") {
    return (
      <Confirm
        title={`Make ${name} an administrator?`}
        action="Make an administrator"
        run={() => administer({ role: "administrator" }, `${name} is an administrator now.`)}
        close={close}
      >
        They can do here all that you can: add people, switch accounts off, make others administrators, and you a
        member.
      </Confirm>
    );
  }
  if (user.deactivated_at) {
    return (
      <Confirm
        title={`Switch ${name}'s account on?`}
        action="Switch on"
        run={() => administer({ deactivated: false }, `${name}'s account is on again.`)}
        close={close}
      >
        They can sign in again with their password, and find everything as it was. Access tokens that ended stay ended.
      </Confirm>
    );
  }
  return (
    <Confirm
      title={`Switch ${name}'s account off?`}
      action="Switch off"
      danger
      run={() => administer({ deactivated: true }, `${name}'s account is switched off.`)}
      close={close}
    >
      They are signed out everywhere at once, and their access tokens end. What they wrote stays. You can switch the
      account on again.
    </Confirm>
  );
}

function BotTokens({ user, close }: { user: User; close: () => void }) {
  const path = { id: user.id };
  return (
    <Dialog
      open
      onOpenChange={close}
      title={`Access tokens of ${user.display_name}`}
      description="The bot's program uses one of them to act here."
      className="sm:max-w-lg"
    >
      <TokenList
        name={user.id}
        admin={user.role === "administrator"}
        load={() => call(api.GET("/users/{id}/tokens", { params: { path, query: { limit: 200 } } }))}
        make={(body) => call(api.POST("/users/{id}/tokens", { params: { path }, body }))}
        remove={(token_id) =>
          call(api.DELETE("/users/{id}/tokens/{token_id}", { params: { path: { ...path, token_id } } }))
        }
      />
    </Dialog>
  );
}
