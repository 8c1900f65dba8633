import { useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { Avatar } from "@/ui/avatar";
import type { Offer } from "./completion";

interface Props {
  id: string;
  offers: readonly Offer[];
  active: number;
  choose: (offer: Offer) => void;
}

/** What the word at the caret may become, above the box. */
export function Offers({ id, offers, active, choose }: Props) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Suggestions"
      className="absolute inset-x-0 bottom-full z-30 mb-2 max-h-72 overflow-y-auto rounded-xl border bg-raised p-1.5 shadow-lg"
    >
      {offers.map((offer, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the box
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the box
        <div
          key={offer.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => choose(offer)}
          className={cn(
            "flex cursor-pointer items-center gap-2.5 rounded-lg px-2 py-1.5 text-sm hover:bg-hover",
            index === active && "bg-hover",
          )}
        >
          {offer.person ? (
            <Face id={offer.person} name={offer.label} />
          ) : (
            <span className="w-7 text-center text-lg">{offer.emoji ?? "@"}</span>
          )}
          <span dir="auto" className="truncate font-medium">
            {offer.label}
          </span>
          <span className="truncate text-soft">{offer.hint}</span>
        </div>
      ))}
    </div>
  );
}

function Face({ id, name }: { id: string; name: string }) {
  const picture = useModel((model) => model.people.get(id)?.avatar);
  return <Avatar id={id} name={name} picture={picture} size="small" />;
}
