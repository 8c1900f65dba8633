/** How Rony looks and is used in this browser. */
import { Monitor, Moon, Sun } from "lucide-react";
import { cn } from "@/lib/cn";
import { setSingleKeys, useSingleKeys } from "@/lib/single-keys";
import { setTheme, type Theme, useTheme } from "@/lib/theme";
import { openOverlay } from "@/shell/overlays";
import { Button } from "@/ui/button";
import { Section } from "@/ui/parts";
import { Switch } from "@/ui/switch";

const THEMES = [
  { theme: "system", name: "As the system", icon: Monitor },
  { theme: "light", name: "Light", icon: Sun },
  { theme: "dark", name: "Dark", icon: Moon },
] as const satisfies readonly { theme: Theme; name: string; icon: typeof Sun }[];

export function Appearance() {
  const chosen = useTheme();
  const single = useSingleKeys();
  return (
    <>
      <Section title="Theme" hint="For this browser.">
        <fieldset className="grid grid-cols-3 gap-3">
          <legend className="sr-only">Theme</legend>
          {THEMES.map(({ theme, name, icon: Icon }) => (
            <label
              key={theme}
              className={cn(
                "flex cursor-pointer flex-col items-center gap-2 rounded-xl border bg-raised p-4 text-center text-sm",
                "has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2",
                chosen === theme ? "border-accent bg-selected font-medium text-link" : "hover:bg-hover",
              )}
            >
              <input
                type="radio"
                name="theme"
                className="sr-only"
                checked={chosen === theme}
                onChange={() => setTheme(theme)}
              />
              <Icon className="size-5" aria-hidden />
              {name}
            </label>
          ))}
        </fieldset>
      </Section>
      <Section title="Keyboard">
        <div className="flex flex-col items-start gap-5">
          <div className="w-full">
            <Switch
              label="Shortcuts of a single key"
              hint="Such as J and K for the next and the previous conversation. They never work while you write. Switch them off if you speak to your device."
              checked={single}
              onChange={setSingleKeys}
            />
          </div>
          <Button look="plain" size="small" onClick={() => openOverlay({ kind: "shortcuts" })}>
            Show all shortcuts
          </Button>
        </div>
      </Section>
    </>
  );
}
