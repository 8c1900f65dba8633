/** What stands where something is on its way, went wrong, or is not there yet. */
import { CircleAlert, CloudOff, LoaderCircle } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { ApiError, explain } from "@/api/client";
import { useLatest } from "@/lib/latest";
import { Button } from "./button";

export function Loading({ label = "Loading…" }: { label?: string }) {
  return (
    <div role="status" className="flex h-full min-h-24 items-center justify-center gap-2 text-soft">
      <LoaderCircle className="size-5 animate-spin" aria-hidden />
      {label}
    </div>
  );
}

/** While the server cannot be reached, it is tried again so often. */
const AGAIN = 5_000;

interface FailedProps {
  error: unknown;
  retry?: () => void;
  /** It is all that the page shows. */
  alone?: boolean;
}

/** What went wrong. Where the server could not be reached, `retry` is also called by itself, until this is not shown any more. */
export function Failed({ error, retry, alone }: FailedProps) {
  const unreachable = error instanceof ApiError && error.code === "unreachable";
  const again = useLatest(retry);
  useEffect(() => {
    if (!unreachable) return;
    const run = () => again.current?.();
    const timer = setInterval(run, AGAIN);
    window.addEventListener("online", run);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", run);
    };
  }, [unreachable, again]);
  return (
    <Empty
      icon={unreachable ? <CloudOff /> : <CircleAlert />}
      title={unreachable ? "No connection" : "That did not work"}
      alone={alone}
    >
      <p>{explain(error)}</p>
      {retry && (
        <Button look="plain" onClick={retry}>
          Try again
        </Button>
      )}
    </Empty>
  );
}

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  /** It is all that the page shows: its title is the page's. */
  alone?: boolean;
}

/** An empty place that says what belongs there, and leads on. */
export function Empty({ icon, title, children, alone }: EmptyProps) {
  const Title = alone ? "h1" : "h2";
  return (
    <div className="flex h-full min-h-40 flex-col items-center justify-center gap-3 p-8 text-center">
      {icon && (
        <div className="rounded-2xl bg-muted p-4 text-soft [&_svg]:size-7" aria-hidden>
          {icon}
        </div>
      )}
      <Title className="wrap-anywhere font-semibold text-lg">{title}</Title>
      <div className="flex max-w-sm flex-col items-center gap-4 text-balance text-soft text-sm">{children}</div>
    </div>
  );
}
