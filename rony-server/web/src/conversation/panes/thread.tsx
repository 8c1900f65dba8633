import { useEffect, useMemo, useState } from "react";
import { useClient, useModel } from "@/client/hooks";
import { useConversationTitle } from "@/model/naming";
import { Failed, Loading } from "@/ui/states";
import { Composer } from "../composer/composer";
import { MessageList } from "../list/message-list";
import { Message } from "../message/message";
import { useMessage } from "../message/use-message";
import { type Talk, TalkContext, useTalk, type Writing } from "../talk";
import { PaneFrame } from "./pane";

/** The replies under one message, with a box of their own. */
export default function ThreadPane({ id, close }: { id: string; close: () => void }) {
  const outer = useTalk();
  const { view } = outer;
  const client = useClient();
  const title = useConversationTitle(view);
  const timeline = useModel((model) => model.timelines.get(id));
  const root = useMessage(view.id, id);
  const [writing, setWriting] = useState<Writing>(null);
  const [error, setError] = useState<unknown>(null);
  const missing = timeline === undefined;
  useEffect(() => {
    if (missing) client.openThread(view.id, id).catch(setError);
  }, [client, view.id, id, missing]);
  const talk = useMemo<Talk>(() => ({ ...outer, thread: id, writing, setWriting }), [outer, id, writing]);

  return (
    <PaneFrame title="Thread" hint={title} close={close}>
      <TalkContext value={talk}>
        {timeline === undefined || root === undefined ? (
          <div className="min-h-0 flex-1">{error === null ? <Loading /> : <Failed error={error} />}</div>
        ) : (
          <MessageList
            timeline={timeline}
            target={null}
            label="Replies in this thread"
            start={
              <div className="border-b pt-2 pb-3">
                {root && <Message message={root} grouped={false} mention={false} pinned={false} />}
                {timeline.messages.length === 0 && (
                  <p className="px-4 pt-3 text-soft text-sm">
                    No replies yet. What you write here stays in this thread.
                  </p>
                )}
              </div>
            }
          />
        )}
        <div className="pt-3">
          <Composer
            placeholder="Reply in this thread"
            refusal={
              view.archived_at ? "This conversation is archived." : root === null ? "This message is gone." : null
            }
          />
        </div>
      </TalkContext>
    </PaneFrame>
  );
}
