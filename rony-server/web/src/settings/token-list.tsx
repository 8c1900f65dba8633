/** Access tokens, one's own or a bot's: seeing, making, deleting them. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { components } from "@/api/schema";
import type { AccessToken } from "@/api/types";
import { ago, isAhead, shortDate } from "@/lib/time";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Rows } from "@/ui/parts";
import { Empty, Failed, Loading } from "@/ui/states";
import { NewToken, scopeName } from "./new-token";

export interface TokenSource {
  /** What the list is kept under. */
  name: string;
  load: () => Promise<{ items: AccessToken[] }>;
  make: (wish: components["schemas"]["NewToken"]) => Promise<{ token: string }>;
  remove: (id: string) => Promise<unknown>;
  /** Whether its owner administers the server: else a token cannot either. */
  admin: boolean;
}

export function TokenList({ name, load, make, remove, admin }: TokenSource) {
  const queries = useQueryClient();
  const key = ["tokens", name];
  const tokens = useQuery({ queryKey: key, queryFn: load, staleTime: 0 });
  const [making, setMaking] = useState(false);
  const [removing, setRemoving] = useState<AccessToken | null>(null);
  const changed = () => queries.invalidateQueries({ queryKey: key });

  async function removeOne(token: AccessToken) {
    await remove(token.id);
    await changed();
    toast.success(`The token “${token.name}” is deleted.`);
  }

  if (tokens.isPending) return <Loading />;
  if (tokens.isError) return <Failed error={tokens.error} retry={() => void tokens.refetch()} />;
  const { items } = tokens.data;
  return (
    <>
      {items.length === 0 ? (
        <div className="rounded-xl border border-dashed">
          <Empty icon={<KeyRound />} title="No tokens yet">
            <p>Make one for a program that should read or write here.</p>
            <Button onClick={() => setMaking(true)}>Make a token</Button>
          </Empty>
        </div>
      ) : (
        <div className="flex flex-col items-start gap-4">
          <Button onClick={() => setMaking(true)}>Make a token</Button>
          <div className="w-full">
            <Rows label="Access tokens">
              {items.map((token) => (
                <Row key={token.id} token={token} remove={() => setRemoving(token)} />
              ))}
            </Rows>
          </div>
        </div>
      )}
      {making && (
        <NewToken
          admin={admin}
          make={async (wish) => {
            const made = await make(wish);
            await changed();
            return made.token;
          }}
          close={() => setMaking(false)}
        />
      )}
      {removing && (
        <Confirm
          title={`Delete “${removing.name}”?`}
          action="Delete"
          danger
          run={() => removeOne(removing)}
          close={() => setRemoving(null)}
        >
          Programs that use it cannot do anything here any more. It cannot be brought back.
        </Confirm>
      )}
    </>
  );
}

function Row({ token, remove }: { token: AccessToken; remove: () => void }) {
  const used = token.last_used_at ? `Last used ${ago(token.last_used_at)}` : "Never used";
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate font-medium text-sm">
          {token.name}
        </p>
        <p className="text-soft text-sm">{token.scopes.map(scopeName).join(" · ")}</p>
        <p className="text-soft text-xs">
          {used} · {ends(token)}
        </p>
      </div>
      <Button look="ghost" size="icon" aria-label={`Delete ${token.name}`} onClick={remove}>
        <Trash2 />
      </Button>
    </li>
  );
}

function ends({ expires_at }: AccessToken): string {
  if (!expires_at) return "works until you delete it";
  return isAhead(expires_at) ? `works until ${shortDate(expires_at)}` : `ended ${shortDate(expires_at)}`;
}
