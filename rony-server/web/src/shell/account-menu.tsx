/** One's own picture at the end of the rail, and what it opens: how one appears, the theme, signing out. */
import { BellOff, Keyboard, LogOut, Palette, Settings, ShieldCheck, SmilePlus } from "lucide-react";
import { toast } from "sonner";
import { api, call, explain } from "@/api/client";
import type { Status } from "@/api/types";
import { useClient, useModel } from "@/client/hooks";
import { forget } from "@/client/known";
import { places, useNavigate } from "@/lib/navigate";
import { setTheme, type Theme, useTheme } from "@/lib/theme";
import { isAhead, until } from "@/lib/time";
import { Avatar, PresenceDot } from "@/ui/avatar";
import { Menu, MenuChoice, MenuItem, MenuSeparator, SubMenu } from "@/ui/menu";
import { disturb, PAUSES } from "./do-not-disturb";
import { openOverlay } from "./overlays";

const APPEARANCES: readonly (readonly [Status, string, string])[] = [
  ["online", "Online", "bg-good"],
  ["away", "Away", "bg-warn"],
  ["busy", "Busy", "bg-danger"],
  ["offline", "Appear offline", "border-2 border-strong"],
];

const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "As the system has it"],
  ["light", "Light"],
  ["dark", "Dark"],
];

export function AccountMenu() {
  const me = useModel((model) => model.me);
  const own = useModel((model) => model.ownPresence);
  const quietUntil = useModel((model) => model.doNotDisturb.until);
  const navigate = useNavigate();
  const quiet = isAhead(quietUntil);
  return (
    <Menu align="end" side="right" trigger={<Trigger quiet={quiet} />}>
      <MenuItem onSelect={() => navigate(places.settings("profile"))} className="gap-3 py-2">
        <Avatar id={me.id} name={me.display_name} picture={me.avatar} />
        <span className="min-w-0">
          <span dir="auto" className="block truncate text-left font-semibold text-sm">
            {me.display_name}
          </span>
          <span className="block truncate text-soft text-xs">@{me.username}</span>
        </span>
      </MenuItem>
      <MenuItem onSelect={() => openOverlay({ kind: "status" })}>
        <SmilePlus />
        <span dir="auto" className="max-w-52 truncate">
          {own.text || "Say what you are up to…"}
        </span>
      </MenuItem>
      <MenuSeparator />
      {APPEARANCES.map(([status, label, look]) => (
        <MenuChoice key={status} checked={own.status === status} onSelect={() => void appear(status)}>
          <span className="flex items-center gap-2.5">
            <span aria-hidden className={`size-2.5 rounded-full ${look}`} />
            {label}
          </span>
        </MenuChoice>
      ))}
      <SubMenu icon={<BellOff />} label={quiet && quietUntil ? `Not disturbed ${until(quietUntil)}` : "Do not disturb"}>
        {quiet && <MenuItem onSelect={() => void disturb(null)}>Off: tell me again</MenuItem>}
        {PAUSES.map(([label, end]) => (
          <MenuItem key={label} onSelect={() => void disturb(end())}>
            {label}
          </MenuItem>
        ))}
      </SubMenu>
      <MenuSeparator />
      <ThemeMenu />
      <MenuItem onSelect={() => openOverlay({ kind: "shortcuts" })} className="max-md:hidden">
        <Keyboard />
        Keyboard shortcuts
      </MenuItem>
      <MenuItem onSelect={() => navigate(places.settings())}>
        <Settings />
        Settings
      </MenuItem>
      {me.role === "administrator" && (
        <MenuItem onSelect={() => navigate(places.admin())}>
          <ShieldCheck />
          Manage this server
        </MenuItem>
      )}
      <MenuSeparator />
      <SignOut />
    </Menu>
  );
}

/** The button. What the menu gives it comes as properties. */
function Trigger({ quiet, ...props }: { quiet: boolean } & React.ComponentProps<"button">) {
  const me = useModel((model) => model.me);
  return (
    <button
      type="button"
      className="relative flex flex-col items-center gap-1 rounded-xl py-1.5 font-medium text-[11px] text-soft leading-none hover:text-text max-md:min-w-14"
      {...props}
    >
      <span className="relative flex h-8 items-center md:h-9">
        <Avatar
          id={me.id}
          name={me.display_name}
          picture={me.avatar}
          className="size-7 text-[11px] md:size-9 md:text-sm"
        />
        <PresenceDot user={me.id} className="-right-0.5 absolute bottom-0 ring-2 ring-sidebar" />
        {quiet && (
          <span className="-top-1 -right-1.5 absolute rounded-full bg-sidebar p-0.5 text-danger">
            <BellOff className="size-3.5" aria-hidden />
            <span className="sr-only">Do not disturb is on</span>
          </span>
        )}
      </span>
      <span className="md:sr-only">
        You<span className="sr-only">: account and status</span>
      </span>
    </button>
  );
}

function ThemeMenu() {
  const chosen = useTheme();
  return (
    <SubMenu icon={<Palette />} label="Theme">
      {THEMES.map(([theme, label]) => (
        <MenuChoice key={theme} checked={chosen === theme} onSelect={() => setTheme(theme)}>
          {label}
        </MenuChoice>
      ))}
    </SubMenu>
  );
}

function SignOut() {
  const client = useClient();
  async function signOut() {
    const stay = client.leave();
    try {
      await call(api.DELETE("/sessions/current", {}));
    } catch (error) {
      stay();
      toast.error(explain(error));
      return;
    }
    // Nothing is kept any more from here on.
    client.stop();
    await forget();
    // The next person here does not begin where this one was. The form to sign in comes with the new page: nobody begins to fill in
    // one that is about to go.
    history.replaceState(null, "", "#/");
    window.location.reload();
  }
  return (
    <MenuItem onSelect={() => void signOut()}>
      <LogOut />
      Sign out
    </MenuItem>
  );
}

async function appear(status: Status): Promise<void> {
  try {
    await call(api.PUT("/me/presence", { body: { status } }));
  } catch (error) {
    toast.error(explain(error));
  }
}
