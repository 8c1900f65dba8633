/** Notifications of this browser: allowing them, switching them off, and what to do where they are blocked. */
import { BellRing } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import {
  allowNotifications,
  needsHomeScreen,
  notify,
  type Permission,
  permission,
  want,
  wanted,
} from "@/shell/browser-notifications";
import { Button } from "@/ui/button";
import { Switch } from "@/ui/switch";

export function BrowserNotifications() {
  const [allowed, setAllowed] = usePermission();
  const [on, setOn] = useState(wanted);

  function change(next: boolean) {
    want(next);
    setOn(next);
  }

  if (needsHomeScreen()) {
    return (
      <Note title="Put Rony on your home screen first">
        Tap Share, then “Add to Home Screen”. Open Rony from there, and come back to this page.
      </Note>
    );
  }
  if (allowed === "unsupported") {
    return (
      <Note title="This browser has no notifications">Open Rony in another browser to be told of new messages.</Note>
    );
  }
  if (allowed === "denied") return <Blocked />;
  if (allowed === "default") {
    return (
      <Button onClick={() => void allowNotifications().then(setAllowed)}>
        <BellRing className="size-4" aria-hidden />
        Turn on
      </Button>
    );
  }
  return (
    <div className="flex flex-col items-start gap-4">
      <div className="w-full">
        <Switch label="Notifications" hint="Also while you look at something else." checked={on} onChange={change} />
      </div>
      {on && (
        <Button look="plain" size="small" onClick={() => void tryOut()}>
          Show me one
        </Button>
      )}
    </div>
  );
}

function tryOut(): Promise<void> {
  return notify({
    title: "Rony",
    body: "This is how you are told of new messages.",
    tag: "try",
    place: "/settings/notifications",
  });
}

/** What the person can do; a page cannot ask again by itself. */
function Blocked() {
  return (
    <Note title="Your browser blocks them for this page">
      <ol className="mt-2 flex list-decimal flex-col gap-1 pl-5">
        {steps(navigator.userAgent).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </Note>
  );
}

function steps(userAgent: string): readonly string[] {
  if (/Firefox\//.test(userAgent)) {
    return [
      "Click the icon left of the address, above this page.",
      "At “Send notifications”, click the cross beside “Blocked”.",
      "Reload this page, and turn them on here.",
    ];
  }
  if (/Chrome\/|Edg\//.test(userAgent)) {
    return ["Click the icon left of the address, above this page.", "Switch “Notifications” on.", "Reload this page."];
  }
  return [
    "Open the browser's settings, and there “Websites”, then “Notifications”.",
    "Set this page to “Allow”.",
    "Reload this page.",
  ];
}

function Note({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="rounded-xl border bg-raised px-4 py-3 text-sm">
      <p className="font-medium">{title}</p>
      <div className="mt-0.5 text-soft">{children}</div>
    </div>
  );
}

/** What the browser allows, also when that is changed in its own settings. */
function usePermission(): [Permission, (allowed: Permission) => void] {
  const [allowed, setAllowed] = useState<Permission>(permission);
  useEffect(() => {
    let status: PermissionStatus | null = null;
    const look = () => setAllowed(permission());
    navigator.permissions
      ?.query({ name: "notifications" })
      .then((found) => {
        status = found;
        found.addEventListener("change", look);
      })
      .catch(() => {});
    return () => status?.removeEventListener("change", look);
  }, []);
  return [allowed, setAllowed];
}
