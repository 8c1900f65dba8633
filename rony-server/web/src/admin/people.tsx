/** The accounts of people and bots. */
import { useQueryClient } from "@tanstack/react-query";
import { Search, UserPlus, UserSearch } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { api, call } from "@/api/client";
import type { User } from "@/api/types";
import { Button } from "@/ui/button";
import { Rows } from "@/ui/parts";
import { Empty, Failed, Loading } from "@/ui/states";
import { type Act, Acting } from "./acting";
import { AddAccount } from "./add-account";
import { More, usePages } from "./pages";
import { PersonRow } from "./person-row";

export function People() {
  const [written, setWritten] = useState("");
  const [deactivated, setDeactivated] = useState(false);
  const [adding, setAdding] = useState(false);
  const [act, setAct] = useState<Act | null>(null);
  const query = useDeferredValue(written.trim());
  const queries = useQueryClient();
  const people = usePages<User>(["accounts", query, deactivated], (cursor) =>
    call(api.GET("/users", { params: { query: { query, deactivated, cursor, limit: 50 } } })),
  );
  const changed = () => queries.invalidateQueries({ queryKey: ["accounts"] });

  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <label className="relative min-w-48 flex-1">
          <span className="sr-only">Search people</span>
          <Search className="-translate-y-1/2 absolute top-1/2 left-3 size-4 text-soft" aria-hidden />
          <input
            type="search"
            dir="auto"
            value={written}
            onChange={({ target }) => setWritten(target.value)}
            placeholder="Search by name"
            className="h-10 w-full rounded-lg border border-strong bg-background pr-3 pl-9 placeholder:text-soft"
          />
        </label>
        <Button onClick={() => setAdding(true)}>
          <UserPlus className="size-4" aria-hidden />
          Add
        </Button>
      </div>
      <label className="mb-4 flex w-fit items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={deactivated}
          onChange={({ target }) => setDeactivated(target.checked)}
        />
        Show accounts that are switched off, too
      </label>
      <List people={people} query={query} act={setAct} />
      {adding && (
        <AddAccount
          added={() => void changed()}
          close={() => setAdding(false)}
          tokens={(bot) => setAct({ kind: "tokens", user: bot })}
        />
      )}
      {act && <Acting act={act} changed={changed} close={() => setAct(null)} />}
    </>
  );
}

interface ListProps {
  people: ReturnType<typeof usePages<User>>;
  query: string;
  act: (act: Act) => void;
}

function List({ people, query, act }: ListProps) {
  if (people.isPending) return <Loading />;
  if (people.isError) return <Failed error={people.error} retry={() => void people.refetch()} />;
  if (people.items.length === 0) {
    return (
      <Empty icon={<UserSearch />} title="Nobody is called so">
        <p>No name or username begins with “{query}”.</p>
      </Empty>
    );
  }
  return (
    <>
      <Rows label="Accounts">
        {people.items.map((user) => (
          <PersonRow key={user.id} user={user} act={act} />
        ))}
      </Rows>
      <More list={people} />
    </>
  );
}
