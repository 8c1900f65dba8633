/** Looks for messages and people; a hit leads to the message among those around it. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { SearchX, TextSearch } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { api, call } from "@/api/client";
import { useModel } from "@/client/hooks";
import { places, useNavigate } from "@/lib/navigate";
import { useConversationTitle } from "@/model/naming";
import { Button } from "@/ui/button";
import { Screen } from "@/ui/screen";
import { SearchField } from "@/ui/search-field";
import { Empty, Failed, Loading } from "@/ui/states";
import { type Filters, isFiltered, NO_FILTERS, SearchFilters, toQuery } from "./search-filters";
import { MessageHit, PersonHit } from "./search-hits";

/** Writing rests for so long before it is looked for. */
const REST = 250;

interface Props {
  query: string;
  /** The one conversation that is searched. */
  conversation?: string;
}

export default function Search({ query, conversation = "" }: Props) {
  const navigate = useNavigate();
  const [text, setText] = useState(query);
  const [narrowed, setNarrowed] = useState<Filters>(NO_FILTERS);
  const filters = useMemo(() => ({ ...narrowed, conversation }), [narrowed, conversation]);
  const title = useConversationTitle(useModel((model) => model.conversations.get(conversation)));
  const written = useRef(query);

  // The words stand in the address, so that "back" from a hit finds them again.
  useEffect(() => {
    if (query !== written.current) {
      written.current = query;
      setText(query);
    }
  }, [query]);
  useEffect(() => {
    if (text.trim() === written.current) return;
    const timer = setTimeout(() => {
      written.current = text.trim();
      navigate(places.search(text.trim(), conversation));
    }, REST);
    return () => clearTimeout(timer);
  }, [text, conversation, navigate]);

  function narrow(next: Filters) {
    setNarrowed(next);
    if (next.conversation !== conversation) navigate(places.search(text.trim(), next.conversation));
  }

  const head = (
    <div className="shrink-0 border-border border-b px-4 py-3">
      <div className="mx-auto flex max-w-3xl flex-col gap-3">
        <SearchField
          label={conversation ? `Search in ${title}` : "Search messages and people"}
          autoFocus
          maxLength={256}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <SearchFilters filters={filters} change={narrow} />
      </div>
    </div>
  );
  return (
    <Screen title="Search" head={head}>
      <div className="mx-auto max-w-[50rem] px-4 py-4">
        {query === "" && !isFiltered(filters) ? <Hints /> : <Results query={query} filters={filters} />}
      </div>
    </Screen>
  );
}

function Hints() {
  return (
    <Empty icon={<TextSearch />} title="Find what was said">
      <p>
        All words must be there, the last one may be a beginning. Put words in “quotation marks” to find them one after
        another.
      </p>
    </Empty>
  );
}

function Results({ query, filters }: { query: string; filters: Filters }) {
  const wanted = { query: query || undefined, ...toQuery(filters) };
  const found = useInfiniteQuery({
    queryKey: ["search", wanted],
    queryFn: ({ pageParam }) =>
      call(api.GET("/search", { params: { query: { ...wanted, cursor: pageParam, limit: 30 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.messages.next ?? undefined,
    retry: false,
  });
  if (found.isPending) return <Loading label="Searching…" />;
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const people = found.data.pages[0]?.people.items ?? [];
  const hits = found.data.pages.flatMap((page) => page.messages.items);
  if (people.length === 0 && hits.length === 0) {
    return (
      <Empty icon={<SearchX />} title="Nothing found">
        <p>
          {isFiltered(filters)
            ? "Try fewer filters, or other words."
            : "Try other words, or only the beginning of one. You find what was written where you are a member."}
        </p>
      </Empty>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <p role="status" className="sr-only">
        {hits.length} messages and {people.length} people found
      </p>
      {people.length > 0 && (
        <section>
          <h2 className="mb-1 font-medium text-soft text-xs">People</h2>
          <ul className="-mx-3 grid gap-1 sm:grid-cols-2">
            {people.map((person) => (
              <PersonHit key={person.id} person={person} />
            ))}
          </ul>
        </section>
      )}
      {hits.length > 0 && (
        <section>
          <h2 className="mb-1 font-medium text-soft text-xs">Messages</h2>
          <ul className="-mx-3 flex flex-col gap-1">
            {hits.map((hit) => (
              <MessageHit key={hit.message.id} hit={hit} />
            ))}
          </ul>
        </section>
      )}
      {found.hasNextPage && (
        <Button
          look="plain"
          className="self-center"
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
    </div>
  );
}
