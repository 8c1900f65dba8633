/** Tells the server whether the person uses this device. */
import { useEffect } from "react";
import type { Client } from "@/client/client";

/** Without input for so long, the person is away. */
const AWAY_AFTER = 5 * 60_000;
/** The server wants to hear of somebody who only reads. */
const AGAIN_AFTER = 4 * 60_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/** `live` is whether the connection stands: each new one is told. */
export function usePresence(client: Client, live: boolean): void {
  useEffect(() => {
    if (!live) return;
    let status: "online" | "away" = "online";
    let told = 0;
    let seen = Date.now();
    let timer: ReturnType<typeof setTimeout>;

    function tell(next: "online" | "away") {
      status = next;
      told = Date.now();
      client.present(next);
    }
    function look() {
      const idle = Date.now() - seen;
      if (idle >= AWAY_AFTER) {
        if (status === "online") tell("away");
      } else {
        timer = setTimeout(look, AWAY_AFTER - idle);
      }
    }
    function used() {
      if (document.visibilityState === "hidden") return;
      seen = Date.now();
      if (status === "online" && seen - told < AGAIN_AFTER) return;
      const wasAway = status === "away";
      tell("online");
      if (wasAway) look();
    }

    if (document.visibilityState === "hidden") seen -= AWAY_AFTER / 2;
    tell("online");
    look();
    for (const sign of SIGNS) window.addEventListener(sign, used, { passive: true, capture: true });
    document.addEventListener("visibilitychange", used);
    return () => {
      clearTimeout(timer);
      for (const sign of SIGNS) window.removeEventListener(sign, used, { capture: true });
      document.removeEventListener("visibilitychange", used);
    };
  }, [client, live]);
}
