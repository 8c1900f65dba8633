/** One's contacts, everybody else here, and the card of one of them. */
import { ArrowLeft, UserPlus, Users } from "lucide-react";
import { Link } from "wouter";
import { cn } from "@/lib/cn";
import { places } from "@/lib/navigate";
import { openOverlay } from "@/shell/overlays";
import { Button } from "@/ui/button";
import { Screen } from "@/ui/screen";
import { Empty } from "@/ui/states";
import { ContactList } from "./contact-list";
import { PersonCard } from "./person-card";

/** On a phone either the list or the card is seen. */
export default function People({ id }: { id?: string }) {
  const add = (
    <Button look="ghost" size="small" onClick={() => openOverlay({ kind: "add-contact" })}>
      <UserPlus className="size-4" />
      Add
    </Button>
  );
  return (
    <div className="flex min-h-0 flex-1">
      <div
        className={cn(
          "flex w-80 min-w-0 flex-col border-border md:border-r lg:w-96 max-md:flex-1",
          id && "max-md:hidden",
        )}
      >
        <Screen title="People" actions={add}>
          <ContactList here={id} />
        </Screen>
      </div>
      <div className={cn("flex min-w-0 flex-1 flex-col", !id && "max-md:hidden")}>
        {id ? (
          <Screen title="Profile" before={<Back />}>
            <div className="mx-auto max-w-lg p-6">
              <PersonCard key={id} id={id} />
            </div>
          </Screen>
        ) : (
          <Empty icon={<Users />} title="Choose somebody">
            <p>You see here who they are, whether they are present, and can write to them.</p>
          </Empty>
        )}
      </div>
    </div>
  );
}

function Back() {
  return (
    <Button asChild look="ghost" size="icon" className="-ml-2 md:hidden">
      <Link href={places.people} aria-label="Back to people">
        <ArrowLeft />
      </Link>
    </Button>
  );
}
