/** Choosing people by writing a few letters of their names. */
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useState } from "react";
import { api, call } from "@/api/client";
import type { UserSummary } from "@/api/types";
import { useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { Avatar } from "./avatar";

interface Props {
  label: string;
  chosen: readonly UserSummary[];
  change: (chosen: UserSummary[]) => void;
  /** Who is not offered: those who are in already. */
  without?: ReadonlySet<string>;
  /** Whether oneself may be chosen. */
  self?: boolean;
  autoFocus?: boolean;
  error?: string;
}

const MOST = 20;

export function PeoplePicker({ label, chosen, change, without, self, autoFocus, error }: Props) {
  const id = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const offered = useOffered(useDeferredValue(text.trim()), chosen, without, self);
  const me = useModel((model) => model.me.id);
  const current = offered.people[Math.min(active, offered.people.length - 1)];

  function choose(person: UserSummary) {
    change([...chosen, person]);
    setText("");
    setActive(0);
  }

  function down(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && offered.people.length > 0) {
      const count = offered.people.length;
      setActive((Math.min(active, count - 1) + step + count) % count);
    } else if (event.key === "Enter" && current !== undefined) {
      choose(current);
    } else if (event.key === "Backspace" && text === "" && chosen.length > 0) {
      change(chosen.slice(0, -1));
      return;
    } else {
      return;
    }
    event.preventDefault();
  }

  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <div className="flex flex-wrap items-center gap-1.5 rounded-lg border border-strong bg-background px-2 py-1.5 focus-within:outline-2 focus-within:outline-accent focus-within:outline-offset-2">
        {chosen.map((person) => (
          <Chip key={person.id} person={person} remove={() => change(chosen.filter(({ id }) => id !== person.id))} />
        ))}
        <input
          id={id}
          role="combobox"
          aria-expanded={offered.people.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={current && `${id}-${current.id}`}
          aria-autocomplete="list"
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: the dialog is opened to write here
          autoFocus={autoFocus}
          placeholder={chosen.length === 0 ? "Name or username" : ""}
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setActive(0);
          }}
          onKeyDown={down}
          className="h-7 min-w-24 flex-1 bg-transparent px-1 outline-none placeholder:text-soft"
        />
      </div>
      {error && (
        <p id={`${id}-error`} role="alert" className="text-danger text-sm">
          {error}
        </p>
      )}
      <div id={`${id}-list`} role="listbox" aria-label="People" className="h-44 overflow-y-auto rounded-lg border p-1">
        {offered.people.map((person) => (
          <Offer
            key={person.id}
            id={`${id}-${person.id}`}
            person={person}
            active={person === current}
            self={person.id === me}
            choose={() => choose(person)}
          />
        ))}
        {offered.people.length === 0 && !offered.pending && (
          <p className="p-4 text-center text-soft text-sm">
            {text.trim() === "" ? "Everybody is chosen already." : `Nobody here is called “${text.trim()}”.`}
          </p>
        )}
      </div>
    </div>
  );
}

function useOffered(query: string, chosen: readonly UserSummary[], without?: ReadonlySet<string>, self?: boolean) {
  const me = useModel((model) => model.me.id);
  const found = useQuery({
    queryKey: ["people", query],
    queryFn: () => call(api.GET("/users", { params: { query: { query, limit: MOST } } })),
    placeholderData: (before) => before,
  });
  const people = useMemo(() => {
    const taken = new Set(chosen.map(({ id }) => id));
    const others = (found.data?.items ?? []).filter(({ id }) => !taken.has(id) && !without?.has(id) && id !== me);
    const own = found.data?.items.find(({ id }) => id === me);
    return self && own && !taken.has(me) ? [...others, own] : others;
  }, [found.data, chosen, without, self, me]);
  return { people, pending: found.isPending };
}

function Chip({ person, remove }: { person: UserSummary; remove: () => void }) {
  return (
    <span className="flex h-7 items-center gap-1.5 rounded-full bg-muted pr-1 pl-1 text-sm">
      <Avatar id={person.id} name={person.display_name} picture={person.avatar} size="tiny" />
      <span dir="auto">{person.display_name}</span>
      <button
        type="button"
        aria-label={`Remove ${person.display_name}`}
        onClick={remove}
        className="rounded-full p-1 text-soft hover:bg-hover hover:text-text"
      >
        <X className="size-3" aria-hidden />
      </button>
    </span>
  );
}

interface OfferProps {
  id: string;
  person: UserSummary;
  active: boolean;
  self: boolean;
  choose: () => void;
}

function Offer({ id, person, active, self, choose }: OfferProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled where one writes
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      onClick={choose}
      ref={(element) => {
        if (active) element?.scrollIntoView({ block: "nearest" });
      }}
      className={cn(
        "flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 text-sm hover:bg-hover",
        active && "bg-hover",
      )}
    >
      <Avatar id={person.id} name={person.display_name} picture={person.avatar} size="small" />
      <span className="min-w-0 flex-1 truncate">
        <span dir="auto" className="font-medium">
          {person.display_name}
        </span>{" "}
        <span className="text-soft">@{person.username}</span>
      </span>
      <span dir="auto" className="max-w-[40%] truncate text-soft text-xs">
        {self ? "You: notes to yourself" : person.title}
      </span>
    </div>
  );
}
