import { Bot, Ellipsis, KeyRound, Link2, Power, PowerOff, ShieldCheck, ShieldOff } from "lucide-react";
import type { ReactNode } from "react";
import type { User } from "@/api/types";
import { useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { shortDate } from "@/lib/time";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import type { Act } from "./acting";

/** An account, and what an administrator can do about it. */
export function PersonRow({ user, act }: { user: User; act: (act: Act) => void }) {
  const me = useModel((model) => model.me.id);
  const off = Boolean(user.deactivated_at);
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Avatar id={user.id} name={user.display_name} picture={user.avatar} className={cn(off && "grayscale")} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-sm">
          <span dir="auto" className="truncate font-medium">
            {user.display_name}
          </span>
          {user.id === me && <span className="text-soft">(you)</span>}
          {user.role === "administrator" && (
            <Tag className="bg-selected text-link">
              <ShieldCheck aria-hidden />
              Administrator
            </Tag>
          )}
          {user.bot && (
            <Tag>
              <Bot aria-hidden />
              Bot
            </Tag>
          )}
          {off && <Tag className="bg-mention text-mention-text">Switched off</Tag>}
        </p>
        <p className="truncate text-soft text-sm">
          @{user.username}
          {user.title && (
            <span dir="auto">
              {" · "}
              {user.title}
            </span>
          )}
        </p>
      </div>
      <span className="shrink-0 text-soft text-xs max-md:hidden">since {shortDate(user.created_at)}</span>
      <AccountMenu user={user} act={act} />
    </li>
  );
}

function AccountMenu({ user, act }: { user: User; act: (act: Act) => void }) {
  const off = Boolean(user.deactivated_at);
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={`What to do with ${user.display_name}`}>
          <Ellipsis />
        </Button>
      }
    >
      {user.bot && (
        <MenuItem onSelect={() => act({ kind: "tokens", user })}>
          <KeyRound />
          Access tokens
        </MenuItem>
      )}
      {!user.bot && !off && (
        <MenuItem onSelect={() => act({ kind: "reset", user })}>
          <Link2 />
          Make a reset link
        </MenuItem>
      )}
      {(!user.bot || user.role === "administrator") && (
        <MenuItem onSelect={() => act({ kind: "role", user })}>
          {user.role === "administrator" ? <ShieldOff /> : <ShieldCheck />}
          {user.role === "administrator" ? "Make a member" : "Make an administrator"}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem danger={!off} onSelect={() => act({ kind: "power", user })}>
        {off ? <Power /> : <PowerOff />}
        {off ? "Switch the account on" : "Switch the account off"}
      </MenuItem>
    </Menu>
  );
}

function Tag({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1 rounded-full bg-muted px-2 py-0.5 font-medium text-soft text-xs [&_svg]:size-3",
        className,
      )}
    >
      {children}
    </span>
  );
}
