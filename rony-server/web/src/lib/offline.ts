/** Installs the service worker, and offers a new version of the page when the server has one. */
import { toast } from "sonner";

const OFTEN = 30 * 60_000;
let offered = false;

/** Only for what was built: while the page is worked on, nothing is kept. */
export function startOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  const root = new URL("./", window.location.href).href;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.type === "go") window.location.hash = data.place;
  });
  window.addEventListener("load", () => {
    navigator.serviceWorker
      .register(`${root}sw.js`, { scope: root, updateViaCache: "none" })
      .then(({ active }) => active?.postMessage({ type: "keep" }))
      .catch(() => {});
  });
  if (window.matchMedia("(display-mode: standalone)").matches) stays();
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < OFTEN) return;
    looked = Date.now();
    void offerNew(root);
  });
  setInterval(() => void offerNew(root), OFTEN);
}

/** Asks the browser not to throw away what is kept here where room is short. Some ask the person, so this is never done on a first visit. */
export function stays(): void {
  navigator.storage?.persist?.().catch(() => {});
}

/** Offers to load the page anew where the server has another one by now. */
async function offerNew(root: string): Promise<void> {
  if (offered) return;
  const running = [...document.scripts].map(({ src }) => src).find((src) => src.startsWith(`${root}assets/`));
  const answer = await fetch(`${root}offline.json`, { cache: "no-cache" }).catch(() => null);
  if (running === undefined || !answer?.ok) return;
  const { files } = (await answer.json()) as { files: string[] };
  if (files.some((path) => root + path === running)) return;
  offered = true;
  toast("There is a new version of Rony.", {
    duration: Number.POSITIVE_INFINITY,
    action: { label: "Reload", onClick: () => window.location.reload() },
    onDismiss: () => {
      offered = false;
    },
  });
}
