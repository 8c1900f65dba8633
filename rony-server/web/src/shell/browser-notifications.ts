/** Notifications of the browser: whether they may be shown, and showing them. */
import { stays } from "@/lib/offline";

export type Permission = NotificationPermission | "unsupported";

export function permission(): Permission {
  return "Notification" in window ? Notification.permission : "unsupported";
}

const OFF = "rony-notifications-off";

/** Whether the person wants them in this browser, where they are allowed. */
export function wanted(): boolean {
  return localStorage.getItem(OFF) === null;
}

export function want(on: boolean): void {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
}

/** Asks the person; only ever from a button. */
export async function allowNotifications(): Promise<Permission> {
  const answer = "Notification" in window ? await Notification.requestPermission() : "unsupported";
  // Whoever relies on this browser wants it to keep what is here, too.
  if (answer === "granted") stays();
  return answer;
}

/** Whether this is an iPhone or iPad, which notifies only for what is on the home screen. */
export function needsHomeScreen(): boolean {
  const apple =
    /iPhone|iPad/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  return apple && permission() === "unsupported" && !window.matchMedia("(display-mode: standalone)").matches;
}

export interface Shown {
  title: string;
  body: string;
  /** A later one with the same takes its place. */
  tag: string;
  /** Where a click leads, as an address behind the `#`. */
  place: string;
  /** The address of a picture. */
  icon?: string;
}

const open = new Map<string, Notification>();

/** Shows one. Phones let only the service worker do it. */
export async function notify({ title, body, tag, place, icon }: Shown): Promise<void> {
  if (permission() !== "granted" || !wanted()) return;
  const options: NotificationOptions & { renotify?: boolean } = { body, tag, renotify: true, icon, data: { place } };
  try {
    const notification = new Notification(title, options);
    open.set(tag, notification);
    notification.onclose = () => open.delete(tag);
    notification.onclick = () => {
      window.focus();
      window.location.hash = place;
      notification.close();
    };
  } catch {
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.showNotification(title, options);
  }
}

/** Takes one away that was seen elsewhere. */
export async function takeBack(tag: string): Promise<void> {
  if (permission() !== "granted") return;
  open.get(tag)?.close();
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const notification of (await worker?.getNotifications({ tag })) ?? []) notification.close();
}
