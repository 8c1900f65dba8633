/** Whether shortcuts of a single key are on; remembered in this browser. Those who speak to their device want them off. */
import { useSyncExternalStore } from "react";

const KEY = "rony-no-single-keys";
const listeners = new Set<() => void>();

export function singleKeys(): boolean {
  return localStorage.getItem(KEY) === null;
}

export function setSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, "1");
  for (const listener of listeners) listener();
}

export function useSingleKeys(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, singleKeys);
}
