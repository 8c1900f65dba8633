import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

const box =
  "w-full rounded-lg border border-strong bg-background px-3 text-text placeholder:text-soft disabled:opacity-60 aria-invalid:border-danger";

interface Labelled {
  label: string;
  /** What to write here. */
  hint?: ReactNode;
  /** What is wrong with what stands there. */
  error?: string;
}

function useDescription({ hint, error }: Labelled, own?: string) {
  const made = useId();
  const id = own ?? made;
  const described = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return { id, "aria-invalid": error ? true : undefined, "aria-describedby": described };
}

function Around({ id, label, hint, error, children }: Labelled & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-danger text-sm">
          {error}
        </p>
      ) : hint ? (
        <p id={`${id}-hint`} className="text-soft text-sm">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** One line of text with its label, a hint, and what is wrong with it. */
export function Field({ label, hint, error, className, id, ...props }: Labelled & ComponentProps<"input">) {
  const described = useDescription({ label, hint, error }, id);
  return (
    <Around id={described.id} label={label} hint={hint} error={error}>
      <input className={cn(box, "h-10", className)} {...described} {...props} />
    </Around>
  );
}

/** Several lines of text. */
export function TextField({ label, hint, error, className, id, ...props }: Labelled & ComponentProps<"textarea">) {
  const described = useDescription({ label, hint, error }, id);
  return (
    <Around id={described.id} label={label} hint={hint} error={error}>
      <textarea className={cn(box, "min-h-20 py-2", className)} {...described} {...props} />
    </Around>
  );
}

/** One of a few. */
export function Choice({ label, hint, error, className, id, ...props }: Labelled & ComponentProps<"select">) {
  const described = useDescription({ label, hint, error }, id);
  return (
    <Around id={described.id} label={label} hint={hint} error={error}>
      <select className={cn(box, "h-10", className)} {...described} {...props} />
    </Around>
  );
}
