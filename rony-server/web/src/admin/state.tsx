/** How the server does: version, health, how much it keeps. */
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { API_URL } from "@/api/client";
import { ago, fullTime } from "@/lib/time";
import { Button } from "@/ui/button";
import { Section } from "@/ui/parts";
import { Failed, Loading } from "@/ui/states";
import { size, span } from "./amounts";
import { useServer } from "./server";

const OFTEN = 15_000;
const number = new Intl.NumberFormat();

export function ServerState() {
  const server = useServer();
  if (server.isPending) return <Loading />;
  if (server.isError) return <Failed error={server.error} retry={() => void server.refetch()} />;
  const it = server.data;
  const running = Date.parse(it.at) - Date.parse(it.started_at);
  return (
    <>
      <Section>
        <Health again={() => void server.refetch()} busy={server.isFetching} />
      </Section>
      <Section title="What there is">
        <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4">
          <Figure
            name="People"
            value={it.people}
            more={it.administrators === 1 ? "1 administrator" : `${number.format(it.administrators)} administrators`}
          />
          <Figure name="Here now" value={it.online} />
          <Figure name="Bots" value={it.bots} />
          <Figure name="Switched off" value={it.deactivated} />
          <Figure name="Groups" value={it.groups} />
          <Figure name="Direct chats" value={it.directs} />
          <Figure name="Messages" value={it.messages} />
          <Figure name="Room taken" value={size(it.database.bytes)} />
        </dl>
      </Section>
      <Section title="The server">
        <dl className="divide-y divide-border rounded-xl border bg-raised">
          <Fact name="Version">Rony {it.version}</Fact>
          <Fact name="Address">
            <span className="break-all">{it.public_url}</span>
          </Fact>
          <Fact name="Runs">
            <span title={fullTime(it.started_at)}>for {span(running)}</span>
          </Fact>
          <Fact name="Database">{it.database.version}</Fact>
          <Fact name="Registration">{it.registration === "open" ? "Open to anybody" : "By invitation"}</Fact>
          <Fact name={it.nodes.length === 1 ? "Node" : "Nodes"}>
            {it.nodes.length < 2
              ? "This one alone"
              : `${it.nodes.length} together, the newest started ${ago(it.nodes.at(-1)?.started_at ?? it.started_at)}`}
          </Fact>
        </dl>
      </Section>
      <Section
        title="Is something wrong?"
        hint="Where the server runs, “rony doctor” checks its configuration, database, disk, clock and address, and says what to do."
      />
    </>
  );
}

interface Answer {
  ready: boolean;
  detail: string;
}

/** What the server says to those who watch it. It lies beside the API. */
async function askHealth(): Promise<Answer> {
  try {
    const answer = await fetch(new URL("../../health/ready", `${API_URL}/`));
    const said = (await answer.json()) as { status?: unknown; detail?: unknown };
    return { ready: answer.ok && said.status === "ready", detail: typeof said.detail === "string" ? said.detail : "" };
  } catch {
    return { ready: false, detail: "It does not answer." };
  }
}

/** Whether it can serve, asked again now and then; `again` asks for the rest, too. */
function Health({ again, busy }: { again: () => void; busy: boolean }) {
  const health = useQuery({ queryKey: ["health"], queryFn: askHealth, refetchInterval: OFTEN, staleTime: 0 });
  if (health.data === undefined) return <Loading />;
  const { ready, detail } = health.data;
  function look() {
    void health.refetch();
    again();
  }
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-xl border bg-raised px-4 py-3">
      {ready ? (
        <CircleCheck className="size-6 text-good" aria-hidden />
      ) : (
        <CircleAlert className="size-6 text-danger" aria-hidden />
      )}
      <div role="status" className="min-w-40 flex-1">
        <p className="font-semibold">{ready ? "All is well" : "Something is wrong"}</p>
        <p className="text-soft text-sm">
          {ready ? "The server answers, and so does its database." : detail || "The server is not ready."}
        </p>
      </div>
      <Button look="plain" size="small" disabled={busy} onClick={look}>
        <RefreshCw className={busy ? "size-4 animate-spin" : "size-4"} aria-hidden />
        Look again
      </Button>
    </div>
  );
}

function Figure({ name, value, more }: { name: string; value: number | string; more?: string }) {
  return (
    <div className="flex flex-col-reverse justify-end rounded-xl border bg-raised px-4 py-3">
      <dt className="text-soft text-sm">
        {name}
        {more && <span className="block text-xs">{more}</span>}
      </dt>
      <dd className="font-semibold text-xl tabular-nums">{typeof value === "number" ? number.format(value) : value}</dd>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-6 gap-y-0.5 px-4 py-3 text-sm">
      <dt className="text-soft">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}
