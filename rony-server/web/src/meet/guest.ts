/** What lets a guest in: kept for as long as the tab is open, so that a page that is loaded again is the same guest. */
import { api, call } from "@/api/client";

interface Pass {
  name: string;
  token: string;
  expires_at: string;
}

/** So long it must still be good for, in milliseconds: nobody should be out of a meeting that has just begun. */
const LEFT = 60 * 60_000;

const key = (code: string) => `rony-guest ${code}`;

/** The token that was given before under this name, else a new one. */
export async function guestToken(code: string, name: string): Promise<string> {
  const kept = recall(code);
  if (kept?.name === name && Date.parse(kept.expires_at) - Date.now() > LEFT) return kept.token;
  const { token, expires_at } = await call(api.POST("/rooms/guests", { body: { code, name } }));
  try {
    sessionStorage.setItem(key(code), JSON.stringify({ name, token, expires_at } satisfies Pass));
  } catch {
    // A browser that keeps nothing gets a new one each time.
  }
  return token;
}

/** It is not good any more. */
export function forgetGuest(code: string): void {
  try {
    sessionStorage.removeItem(key(code));
  } catch {
    // Then nothing was kept.
  }
}

/** What cannot be read was not kept. */
function recall(code: string): Pass | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key(code)) ?? "null");
    const { name, token, expires_at } = kept as Record<keyof Pass, unknown>;
    if (typeof name !== "string" || typeof token !== "string" || typeof expires_at !== "string") return null;
    return { name, token, expires_at };
  } catch {
    return null;
  }
}
