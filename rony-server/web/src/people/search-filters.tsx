/** What narrows a search: who wrote it, where, when, and what is in it. */
import { useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { useMemo, useState } from "react";
import { api, call } from "@/api/client";
import { useModel } from "@/client/hooks";
import { conversationTitle } from "@/model/naming";
import { Button } from "@/ui/button";
import { Choice, Field } from "@/ui/field";

export interface Filters {
  author: string;
  conversation: string;
  /** Days, as `2026-11-22`. */
  since: string;
  until: string;
  has: string;
}

export const NO_FILTERS: Filters = { author: "", conversation: "", since: "", until: "", has: "" };

export function isFiltered(filters: Filters): boolean {
  return Object.values(filters).some((value) => value !== "");
}

/** As the server wants them. Days are those of the person, and the last one counts. */
export function toQuery({ author, conversation, since, until, has }: Filters) {
  return {
    author: author || undefined,
    conversation: conversation || undefined,
    since: since ? midnight(since, 0) : undefined,
    until: until ? midnight(until, 1) : undefined,
    has: has || undefined,
  };
}

function midnight(day: string, after: number): string | undefined {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const moment = new Date(year, month - 1, date + after);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

interface Props {
  filters: Filters;
  change: (filters: Filters) => void;
}

export function SearchFilters({ filters, change }: Props) {
  const [open, setOpen] = useState(false);
  const filtered = isFiltered(filters);
  const count = Object.values(filters).filter((value) => value !== "").length;
  return (
    <div>
      <div className="flex items-center gap-2">
        <Button look="plain" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          <ListFilter className="size-4" />
          Filters{filtered && ` (${count})`}
        </Button>
        {filtered && (
          <Button look="ghost" size="small" onClick={() => change(NO_FILTERS)}>
            Remove all
          </Button>
        )}
      </div>
      {open && <Fields filters={filters} change={change} />}
    </div>
  );
}

function Fields({ filters, change }: Props) {
  const authors = useAuthors();
  const conversations = useConversations();
  const set = (name: keyof Filters) => (event: { target: { value: string } }) =>
    change({ ...filters, [name]: event.target.value });
  return (
    <div className="mt-3 grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      <Choice label="Written by" value={filters.author} onChange={set("author")}>
        <option value="">Anybody</option>
        {authors.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice label="In" value={filters.conversation} onChange={set("conversation")}>
        <option value="">All conversations</option>
        {conversations.map(([id, title]) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </Choice>
      <Choice label="With" value={filters.has} onChange={set("has")}>
        <option value="">Anything</option>
        <option value="link">A link</option>
        <option value="mention">A mention</option>
        <option value="reaction">A reaction</option>
        <option value="pin">A pin</option>
      </Choice>
      <Field label="From" type="date" max={filters.until || undefined} value={filters.since} onChange={set("since")} />
      <Field label="To" type="date" min={filters.since || undefined} value={filters.until} onChange={set("until")} />
    </div>
  );
}

/** Everybody here, as far as one page of them goes, and whom one knows. */
function useAuthors(): (readonly [string, string])[] {
  const known = useModel((model) => model.people);
  const me = useModel((model) => model.me);
  const all = useQuery({
    queryKey: ["people", "authors"],
    queryFn: () => call(api.GET("/users", { params: { query: { limit: 200 } } })),
    staleTime: 60_000,
  });
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const { id, display_name } of [...known.values(), ...(all.data?.items ?? [])]) names.set(id, display_name);
    names.delete(me.id);
    const others = [...names].sort((a, b) => a[1].localeCompare(b[1]));
    return [[me.id, `${me.display_name} (you)`] as const, ...others];
  }, [known, all.data, me]);
}

function useConversations(): (readonly [string, string])[] {
  const model = useModel((all) => all);
  return [...model.conversations.values()]
    .map((view) => [view.id, conversationTitle(model, view)] as const)
    .sort((a, b) => a[1].localeCompare(b[1]));
}
