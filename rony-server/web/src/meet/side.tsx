/** What stands beside the tiles; on a phone in their place. */
import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "@/ui/button";

interface Props {
  title: string;
  close: () => void;
  children: ReactNode;
}

export function Side({ title, close, children }: Props) {
  const head = useRef<HTMLHeadingElement>(null);
  // Whoever opened it by a key is in it then; a field of its own may take the focus further.
  useEffect(() => head.current?.focus(), []);
  return (
    <aside
      aria-label={title}
      className="flex min-h-0 w-80 shrink-0 flex-col rounded-xl border bg-raised max-md:absolute max-md:inset-0 max-md:z-20 max-md:w-auto max-md:rounded-none max-md:border-x-0"
    >
      <div className="flex h-12 shrink-0 items-center gap-2 border-b pr-1.5 pl-4">
        <h2 ref={head} tabIndex={-1} className="flex-1 font-semibold outline-none">
          {title}
        </h2>
        <Button look="ghost" size="icon" aria-label={`Close ${title.toLowerCase()}`} onClick={close}>
          <X />
        </Button>
      </div>
      {children}
    </aside>
  );
}
