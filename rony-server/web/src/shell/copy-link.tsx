import { Check, Copy } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "@/ui/button";

/** A link to be handed on, with a button that copies it. */
export function CopyLink({ link, hint, label = "Link" }: { link: string; hint?: ReactNode; label?: string }) {
  const id = useId();
  const [copied, setCopied] = useState(false);

  async function copy() {
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      // Without leave to write there, it is at least chosen for the person to copy.
      const input = document.getElementById(id);
      if (input instanceof HTMLInputElement) input.select();
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 2_500);
  }

  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          readOnly
          value={link}
          onFocus={({ target }) => target.select()}
          className="h-10 min-w-0 flex-1 rounded-lg border border-strong bg-background px-3 text-sm"
        />
        <Button autoFocus onClick={() => void copy()} className="w-28">
          {copied ? <Check className="size-4" /> : <Copy className="size-4" />}
          <span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
        </Button>
      </div>
      {hint && <p className="text-soft text-sm">{hint}</p>}
    </div>
  );
}
