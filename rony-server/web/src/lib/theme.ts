/** Light, dark, or as the system has it; remembered in this browser. */
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";

const KEY = "rony-theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

export function theme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function setTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  show();
}

/** Shows the theme now and whenever it changes, also in another tab. */
export function followTheme(): void {
  show();
  dark.addEventListener("change", show);
  window.addEventListener("storage", show);
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, theme);
}

function show(): void {
  const chosen = theme();
  document.documentElement.classList.toggle("dark", chosen === "dark" || (chosen === "system" && dark.matches));
  for (const listener of listeners) listener();
}
