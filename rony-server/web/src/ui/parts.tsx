/** A place with parts, as the settings are: a list of them beside the one that is shown; on a phone first the list, then the part. */
import { ChevronLeft, ChevronRight, type LucideIcon } from "lucide-react";
import { type ComponentType, type ReactNode, Suspense } from "react";
import { Link } from "wouter";
import { cn } from "@/lib/cn";
import { Loading } from "./states";

export interface Part {
  /** Its name in the address. */
  id: string;
  name: string;
  /** What one does there, for the list on a phone. */
  hint: string;
  icon: LucideIcon;
  show: ComponentType;
}

interface Props {
  title: string;
  /** The address of the list, to which a part adds its name. */
  at: string;
  parts: readonly Part[];
  /** The part that is asked for; the list alone on a phone, and the first part elsewhere, without one. */
  part?: string;
  /** As wide as there is room, for tables. */
  wide?: boolean;
}

export function Parts({ title, at, parts, part, wide }: Props) {
  const chosen = parts.find(({ id }) => id === part);
  const shown = chosen ?? parts[0];
  if (shown === undefined) return null;
  const Show = shown.show;
  // The part is what the page is about; the list is, while a phone shows it alone.
  const [Title, Name] = chosen ? (["p", "h1"] as const) : (["h1", "h2"] as const);
  return (
    <div className="flex min-h-0 flex-1">
      <nav
        aria-label={title}
        className={cn(
          "flex w-60 shrink-0 flex-col gap-0.5 overflow-y-auto border-r bg-sidebar p-3 md:pt-7 max-md:w-full max-md:border-0 max-md:bg-background",
          chosen && "max-md:hidden",
        )}
      >
        <Title className="px-2.5 pt-1 pb-3 font-semibold text-xl tracking-tight">{title}</Title>
        {parts.map((it) => (
          <PartLink key={it.id} part={it} at={at} here={it === shown} />
        ))}
      </nav>
      <section aria-labelledby="part" className={cn("min-w-0 flex-1 overflow-y-auto", !chosen && "max-md:hidden")}>
        <div className={cn("mx-auto px-4 pt-3 pb-16 md:px-10 md:pt-8", wide ? "max-w-5xl" : "max-w-2xl")}>
          <div className="mb-6 flex items-center gap-1 max-md:-ml-2">
            <Link
              href={at}
              aria-label={`Back to ${title}`}
              className="flex size-10 items-center justify-center rounded-lg text-soft hover:bg-hover hover:text-text md:hidden"
            >
              <ChevronLeft className="size-5" aria-hidden />
            </Link>
            <Name id="part" className="font-semibold text-xl tracking-tight">
              {shown.name}
            </Name>
          </div>
          <div>
            <Suspense fallback={<Loading />}>
              <Show key={shown.id} />
            </Suspense>
          </div>
        </div>
      </section>
    </div>
  );
}

function PartLink({ part: { id, name, hint, icon: Icon }, at, here }: { part: Part; at: string; here: boolean }) {
  return (
    <Link
      href={`${at}/${id}`}
      aria-current={here ? "page" : undefined}
      className={cn(
        "flex items-center gap-3 rounded-lg px-2.5 py-2 text-sm transition-colors hover:bg-hover max-md:py-3",
        here && "md:bg-selected md:font-medium md:text-link",
      )}
    >
      <Icon className={cn("size-[18px] shrink-0 text-soft", here && "md:text-link")} aria-hidden />
      <span className="min-w-0 flex-1">
        <span className="block truncate max-md:font-medium max-md:text-[15px]">{name}</span>
        <span className="block text-soft text-sm md:hidden">{hint}</span>
      </span>
      <ChevronRight className="size-4 text-soft md:hidden" aria-hidden />
    </Link>
  );
}

interface SectionProps {
  title?: string;
  hint?: ReactNode;
  /** A button that belongs to all of it. */
  action?: ReactNode;
  children?: ReactNode;
}

/** A few things of a part that belong together. */
export function Section({ title, hint, action, children }: SectionProps) {
  return (
    <section className="border-border py-7 first:pt-0 not-first:border-t">
      {(title || hint || action) && (
        <div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0 max-w-prose flex-1 basis-64">
            {title && <h2 className="font-semibold">{title}</h2>}
            {hint && <p className="mt-0.5 text-soft text-sm">{hint}</p>}
          </div>
          {action}
        </div>
      )}
      {children}
    </section>
  );
}

/** A list of things, each in a row. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="divide-y divide-border overflow-hidden rounded-xl border bg-raised">
      {children}
    </ul>
  );
}
