/** What stands above everything when the connection is not as it should be. */
import { CloudOff, LoaderCircle, Wifi } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useClientState } from "@/client/hooks";
import { cn } from "@/lib/cn";

/** A connection that comes back at once is not worth a word. */
const PATIENCE = 2_000;
const GOOD_NEWS = 3_000;

type Shown = "nothing" | "kept" | "reconnecting" | "offline" | "back" | "too_many";

export function ConnectionBanner() {
  const shown = useShown();
  const waiting = useClientState(
    ({ pending }) => pending.filter(({ failed, sent }) => failed === undefined && !sent).length,
  );
  const [icon, text] = say(shown, waiting);
  return (
    <div role="status" aria-live="polite">
      {shown !== "nothing" && (
        <div
          className={cn(
            "flex items-center justify-center gap-2 px-4 py-1.5 text-center font-medium text-sm [&_svg]:size-4 [&_svg]:shrink-0",
            shown === "back" ? "bg-muted text-good" : "bg-mention text-mention-text",
          )}
        >
          {icon}
          {text}
        </div>
      )}
    </div>
  );
}

function say(shown: Shown, waiting: number) {
  const later = waiting === 0 ? "What you write is sent later." : `${count(waiting)} will be sent later.`;
  switch (shown) {
    case "nothing":
      return [null, ""] as const;
    case "kept":
      return [
        <CloudOff key="icon" aria-hidden />,
        `Rony cannot be reached. You see what was here last time. ${later}`,
      ] as const;
    case "offline":
      return [<CloudOff key="icon" aria-hidden />, `You are offline. ${later}`] as const;
    case "reconnecting":
      return [<LoaderCircle key="icon" className="animate-spin" aria-hidden />, `Connecting again… ${later}`] as const;
    case "back":
      return [<Wifi key="icon" aria-hidden />, "You are connected again."] as const;
    case "too_many":
      return [
        <CloudOff key="icon" aria-hidden />,
        "Rony is open in too many places. Close some of them, and reload this page.",
      ] as const;
  }
}

function count(waiting: number): string {
  return waiting === 1 ? "1 message" : `${waiting} messages`;
}

function useShown(): Shown {
  const connection = useClientState((state) => state.connection);
  const ended = useClientState((state) => state.ended);
  const kept = useClientState((state) => state.kept);
  const online = useOnline();
  const [shown, setShown] = useState<Shown>("nothing");
  const wasLost = useRef(false);

  useEffect(() => {
    if (connection === "live" && online) {
      if (!wasLost.current) return setShown("nothing");
      wasLost.current = false;
      setShown("back");
      const timer = setTimeout(() => setShown("nothing"), GOOD_NEWS);
      return () => clearTimeout(timer);
    }
    const timer = setTimeout(
      () => {
        wasLost.current = true;
        setShown(online ? "reconnecting" : "offline");
      },
      wasLost.current ? 0 : PATIENCE,
    );
    return () => clearTimeout(timer);
  }, [connection, online]);
  if (ended === "too_many") return "too_many";
  return kept ? "kept" : shown;
}

/** Whether the browser has a network. */
function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => {
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    };
  }, []);
  return online;
}
