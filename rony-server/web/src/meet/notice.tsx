/** One thing that a person should hear of, in a meeting or in a call. */
import type { ReactNode } from "react";
import { Button } from "@/ui/button";
import { hear, useBlockedSound } from "./sound";

interface Props {
  /** It is read out at once. */
  alert?: boolean;
  /** What can be done about it. */
  acts?: ReactNode;
  children: ReactNode;
}

export function Notice({ alert, acts, children }: Props) {
  return (
    <div
      role={alert ? "alert" : "status"}
      className="flex flex-wrap items-center justify-end gap-x-3 gap-y-2 rounded-lg border bg-raised px-3 py-2 text-sm"
    >
      <p className="min-w-48 flex-1">{children}</p>
      {acts && <div className="flex gap-2">{acts}</div>}
    </div>
  );
}

/** Nothing is heard before the page is touched: seen only where a browser wants it so. */
export function BlockedSound() {
  if (!useBlockedSound()) return null;
  return (
    <Notice
      alert
      acts={
        <Button size="small" onClick={hear}>
          Tap to hear
        </Button>
      }
    >
      Your browser lets nothing be heard until you touch the page.
    </Notice>
  );
}

/** The browser may be waiting for its person. */
export function Asking({ what }: { what: string }) {
  return (
    <Notice>
      Your browser may ask whether this page may use your {what}. Choose “Allow”: it waits for your answer.
    </Notice>
  );
}
