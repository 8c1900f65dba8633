import { UserSearch, X } from "lucide-react";
import { useState } from "react";
import type { UserSummary } from "@/api/types";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Choice, Field } from "@/ui/field";
import { PeoplePicker } from "@/ui/people-picker";
import { ACTIONS } from "./sentence";

export interface Filter {
  person: UserSummary | null;
  action: string;
  /** Days as inputs give them; empty where any will do. */
  from: string;
  to: string;
}

export const NO_FILTER: Filter = { person: null, action: "", from: "", to: "" };

export function isEmpty({ person, action, from, to }: Filter): boolean {
  return person === null && action === "" && from === "" && to === "";
}

/** Which entries of the log are wanted. */
export function Filters({ filter, change }: { filter: Filter; change: (filter: Filter) => void }) {
  return (
    <div className="mb-6 flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Person person={filter.person} change={(person) => change({ ...filter, person })} />
        <Choice
          label="What"
          value={filter.action}
          onChange={({ target }) => change({ ...filter, action: target.value })}
        >
          <option value="">Everything</option>
          {ACTIONS.map(([action, name]) => (
            <option key={action} value={action}>
              {name}
            </option>
          ))}
        </Choice>
        <Field
          label="From"
          type="date"
          max={filter.to || undefined}
          value={filter.from}
          onChange={({ target }) => change({ ...filter, from: target.value })}
        />
        <Field
          label="To"
          type="date"
          min={filter.from || undefined}
          value={filter.to}
          onChange={({ target }) => change({ ...filter, to: target.value })}
        />
      </div>
      {!isEmpty(filter) && (
        <Button look="link" size="inline" className="self-start" onClick={() => change(NO_FILTER)}>
          Show everything
        </Button>
      )}
    </div>
  );
}

interface PersonProps {
  person: UserSummary | null;
  change: (person: UserSummary | null) => void;
}

function Person({ person, change }: PersonProps) {
  const [choosing, setChoosing] = useState(false);
  return (
    <div className="flex flex-col gap-1.5">
      <span className="font-medium text-sm">Who</span>
      <span className="relative">
        <Button
          look="plain"
          className="w-full justify-start border-strong bg-background px-3 font-normal text-[15px]"
          onClick={() => setChoosing(true)}
        >
          <UserSearch className="size-4 text-soft" aria-hidden />
          <span dir="auto" className="truncate">
            <span className="sr-only">Who: </span>
            {person?.display_name ?? "Everybody"}
          </span>
        </Button>
        {person && (
          <Button
            look="ghost"
            size="icon-small"
            aria-label="Everybody"
            className="absolute top-1.5 right-1.5"
            onClick={() => change(null)}
          >
            <X />
          </Button>
        )}
      </span>
      <Dialog open={choosing} onOpenChange={setChoosing} title="Whose doing?">
        <PeoplePicker
          label="Person"
          autoFocus
          self
          chosen={[]}
          change={([chosen]) => {
            change(chosen ?? null);
            setChoosing(false);
          }}
        />
      </Dialog>
    </div>
  );
}
