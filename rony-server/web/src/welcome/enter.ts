/** The ways in: what is asked of the server, and where one stands afterwards. */
import { useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import { places } from "@/lib/navigate";

/** The conversation that everybody is in. */
export const GENERAL = "00000000-0000-7000-8000-000000000002";

/** Opens a session of this browser; its token comes as a cookie that scripts cannot read. */
export async function signIn(username: string, password: string): Promise<void> {
  const body = { username: username.trim(), password, cookie: true, device_name: deviceName() };
  await call(api.POST("/sessions", { body }));
}

/** Leaves the page of a link, whose secret must not stay in the address, and shows what is one's own. */
export function useEnter(): (place?: string) => Promise<void> {
  const queries = useQueryClient();
  return async (place = places.home) => {
    const root = new URL("./", window.location.href);
    history.replaceState(null, "", `${root.pathname}#${place}`);
    // Asked anew, so that the page looks at its address again, whoever was signed in before.
    await queries.resetQueries({ queryKey: ["me"] });
  };
}

/** What to call this browser in the list of devices. */
export function deviceName(agent = navigator.userAgent): string {
  const browser =
    [
      ["Edg/", "Edge"],
      ["OPR/", "Opera"],
      ["Firefox/", "Firefox"],
      ["Chrome/", "Chrome"],
      ["Safari/", "Safari"],
    ].find(([mark]) => agent.includes(mark ?? ""))?.[1] ?? "Browser";
  const system = [
    ["iPhone", "iPhone"],
    ["iPad", "iPad"],
    ["Android", "Android"],
    ["Windows", "Windows"],
    ["Mac OS X", "Mac"],
    ["CrOS", "ChromeOS"],
    ["Linux", "Linux"],
  ].find(([mark]) => agent.includes(mark ?? ""))?.[1];
  return system ? `${browser} on ${system}` : browser;
}
