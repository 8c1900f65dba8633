import type { ReactNode } from "react";
import { Logo } from "@/ui/logo";

interface Props {
  title: string;
  /** What this is, in a sentence. */
  lead?: ReactNode;
  children: ReactNode;
  /** What else one may want, below the card. */
  below?: ReactNode;
}

/** The page around a form for somebody who is not in yet. */
export function WelcomeFrame({ title, lead, children, below }: Props) {
  return (
    <main className="flex h-full flex-col items-center overflow-y-auto bg-sidebar px-4 py-8 pb-[max(2rem,env(safe-area-inset-bottom))]">
      <div className="my-auto flex w-full max-w-[26rem] flex-col gap-6">
        <div className="flex items-center justify-center gap-2.5">
          <Logo className="size-9" />
          <span className="font-semibold text-xl tracking-tight">Rony</span>
        </div>
        <div className="rounded-2xl border bg-raised p-6 shadow-sm sm:p-8">
          <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
          {lead && <div className="mt-2 text-soft">{lead}</div>}
          <div className="mt-6">{children}</div>
        </div>
        {below && <div className="flex flex-col items-center gap-2 text-center text-soft text-sm">{below}</div>}
      </div>
    </main>
  );
}
