import type { ReactNode } from "react";
import { explain } from "@/api/client";

/** What went wrong with all of a form, said at once; nothing where nothing did. */
export function Alert({ children }: { children: ReactNode }) {
  if (!children) return null;
  return (
    <p role="alert" className="rounded-lg border border-danger px-3 py-2 text-danger text-sm">
      {children}
    </p>
  );
}

/** The same, of what a call was refused with. */
export function Refused({ error }: { error: unknown }) {
  return <Alert>{error === null || error === undefined ? null : explain(error)}</Alert>;
}
