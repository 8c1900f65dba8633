import { BellRing, X } from "lucide-react";
import { useState } from "react";
import { useModel } from "@/client/hooks";
import { Button } from "@/ui/button";
import { allowNotifications, needsHomeScreen, permission } from "./browser-notifications";

const DISMISSED = "rony-no-notifications";

/** Once somebody has written to the person, offers to tell them the next time. Never by itself, and never again after "Not now". */
export function AskToNotify() {
  const concerned = useModel((model) => model.notifications.size > 0);
  const [wanted, setWanted] = useState(() => localStorage.getItem(DISMISSED) === null);
  const [asked, setAsked] = useState(false);
  const home = needsHomeScreen();
  if (!concerned || !wanted || asked || (permission() !== "default" && !home)) return null;

  function dismiss() {
    localStorage.setItem(DISMISSED, "1");
    setWanted(false);
  }

  return (
    <aside aria-label="Notifications" className="relative m-3 rounded-xl border bg-raised p-3 pr-9 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <BellRing className="size-4 text-link" aria-hidden />
        Hear of new messages
      </p>
      {home ? (
        <p className="mt-1 text-soft">
          On this device Rony can tell you once it is on your home screen: tap Share, then “Add to Home Screen”.
        </p>
      ) : (
        <>
          <p className="mt-1 text-soft">Rony can tell you when somebody writes to you, also when you look elsewhere.</p>
          <Button size="small" className="mt-2.5" onClick={() => void allowNotifications().then(() => setAsked(true))}>
            Turn on
          </Button>
        </>
      )}
      <Button look="ghost" size="icon-small" aria-label="Not now" className="absolute top-2 right-2" onClick={dismiss}>
        <X />
      </Button>
    </aside>
  );
}
