/** A conversation: who one talks to, what was said, and the box to write in; with what stands beside it. */
import { CloudOff } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { ConversationView, Message } from "@/api/types";
import { useClient, useClientState, useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { places, useNavigate } from "@/lib/navigate";
import { useConversationTitle } from "@/model/naming";
import { Empty, Failed, Loading } from "@/ui/states";
import { Composer } from "./composer/composer";
import { Header } from "./header";
import { MessageList, type Target } from "./list/message-list";
import { Outside } from "./outside";
import { rights } from "./rights";
import { type Pane, type Talk, TalkContext, useTalk, type Writing } from "./talk";
import { Typing } from "./typing";
import { useEscape } from "./use-escape";
import { Beginning } from "./welcome";

const ThreadPane = lazy(() => import("./panes/thread"));
const PinsPane = lazy(() => import("./panes/pins"));
const DetailsPane = lazy(() => import("./details/details"));

interface Props {
  id: string;
  /** The message to show, by its `seq`. */
  seq?: number;
  /** The message whose thread is open beside it. */
  thread?: string;
}

export function Conversation({ id, seq, thread }: Props) {
  const view = useModel((model) => model.conversations.get(id));
  if (view === undefined) return <Outside id={id} />;
  return <Inside view={view} seq={seq} thread={thread} />;
}

interface InsideProps {
  view: ConversationView;
  seq?: number;
  thread?: string;
}

function Inside({ view, seq, thread }: InsideProps) {
  const navigate = useNavigate();
  const [pane, setPane] = useState<Pane>(null);
  const [writing, setWriting] = useState<Writing>(null);
  const [target, setTarget] = useState<Target | null>(seq ? { seq, nonce: 0 } : null);
  const jump = useCallback((to: number) => setTarget({ seq: to, nonce: Date.now() }), []);
  useEffect(() => {
    if (seq) jump(seq);
  }, [seq, jump]);

  const openThread = useCallback(
    (message: Message) => navigate(places.thread(view.id, message.id)),
    [navigate, view.id],
  );
  const closeThread = useCallback(() => navigate(places.conversation(view.id)), [navigate, view.id]);
  const show = useCallback(
    (next: Pane) => {
      setPane(next);
      if (thread) closeThread();
    },
    [thread, closeThread],
  );
  const talk = useMemo<Talk>(
    () => ({ view, rights: rights(view), writing, setWriting, openThread, jump }),
    [view, writing, openThread, jump],
  );
  const beside = thread !== undefined || pane !== null;
  useEscape(view.id, thread !== undefined ? closeThread : pane !== null ? () => setPane(null) : null);
  return (
    <TalkContext value={talk}>
      <div className="flex min-h-0 flex-1">
        <section className={cn("relative flex min-w-0 flex-1 flex-col", beside && "max-lg:hidden")}>
          <Header pane={thread ? null : pane} show={show} />
          <Messages target={target} details={() => show("details")} />
          <Typing conversation={view.id} />
          <Box />
        </section>
        {beside && (
          <Suspense fallback={<Loading />}>
            {thread ? (
              <ThreadPane key={thread} id={thread} close={closeThread} />
            ) : pane === "pins" ? (
              <PinsPane close={() => setPane(null)} />
            ) : (
              <DetailsPane close={() => setPane(null)} />
            )}
          </Suspense>
        )}
      </div>
    </TalkContext>
  );
}

/** The messages, once they are here. */
function Messages({ target, details }: { target: Target | null; details: () => void }) {
  const { view } = useTalk();
  const client = useClient();
  const timeline = useModel((model) => model.timelines.get(view.id));
  const members = useModel((model) => model.members.get(view.id));
  const title = useConversationTitle(view);
  const [error, setError] = useState<unknown>(null);
  const load = useCallback(() => {
    setError(null);
    client.open(view.id).catch(setError);
  }, [client, view.id]);
  const missing = timeline === undefined;
  const away = useClientState(({ connection }) => connection === "offline");
  // biome-ignore lint/correctness/useExhaustiveDependencies: once more when the connection is back
  useEffect(() => {
    if (missing) load();
  }, [missing, load, away]);

  useEffect(() => {
    const users = (members ?? []).slice(0, 200).map((member) => member.user_id);
    client.watch(users, view.id);
  }, [client, members, view.id]);
  useEffect(() => () => client.watch([]), [client]);

  if (timeline === undefined) {
    return (
      <div className="min-h-0 flex-1">
        {error === null ? <Loading /> : away ? <NotHere /> : <Failed error={error} retry={load} />}
      </div>
    );
  }
  return (
    <MessageList
      timeline={timeline}
      target={target}
      start={<Beginning details={details} />}
      label={`Messages in ${title}`}
    />
  );
}

/** Without a connection there is only what was read here before. */
function NotHere() {
  return (
    <Empty icon={<CloudOff />} title="These messages are not on this device yet">
      They come when Rony can be reached again. What you write now is sent then.
    </Empty>
  );
}

/** The box below the messages, or why there is none. */
function Box() {
  const { view } = useTalk();
  const title = useConversationTitle(view);
  const blocked = useModel((model) => (view.peer_id ? model.contacts.get(view.peer_id)?.blocked === true : false));
  const gone = useModel((model) => (view.peer_id ? model.people.get(view.peer_id)?.deactivated_at != null : false));
  const refusal = view.archived_at
    ? "This conversation is archived. It can be read, but not changed."
    : blocked
      ? `You have blocked ${title}. Unblock them to write.`
      : gone
        ? `${title}'s account is switched off.`
        : null;
  const notes = view.kind === "direct" && !view.peer_id;
  return <Composer refusal={refusal} placeholder={notes ? "Write a note" : `Message ${title}`} />;
}
