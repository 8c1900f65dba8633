import { explain } from "@/api/client";

/** What went wrong, in a form; nothing where nothing did. */
export function Refused({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <p role="alert" className="rounded-lg border border-danger px-3 py-2 text-danger text-sm">
      {explain(error)}
    </p>
  );
}
