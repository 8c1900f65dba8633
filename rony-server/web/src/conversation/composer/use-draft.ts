/** What one has begun to write: kept on the server, so that it is there on other devices too. */
import { useCallback, useEffect, useRef, useState } from "react";
import { useClient, useModel } from "@/client/hooks";
import { draftKey } from "@/model/model";

const WAIT = 500;

interface Draft {
  text: string;
  /** What the person writes. */
  write(text: string): void;
  /** It was sent: nothing is left of it. */
  clear(): void;
  /** The person is elsewhere: what another device writes may show here. */
  release(): void;
}

export function useDraft(conversation: string, thread?: string): Draft {
  const client = useClient();
  const kept = useModel((model) => model.drafts.get(draftKey(conversation, thread)) ?? "");
  const [text, setText] = useState(kept);
  const touched = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const unsaved = useRef<string | null>(null);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    if (unsaved.current === null) return;
    const now = unsaved.current;
    unsaved.current = null;
    void client.keepDraft(conversation, now, thread).catch(() => {});
  }, [client, conversation, thread]);

  useEffect(() => {
    if (unsaved.current !== null) return;
    // Where somebody writes, only what has all of it in it: another device's words that came before it.
    setText((now) => (!touched.current || (now !== "" && kept.includes(now)) ? kept : now));
  }, [kept]);

  useEffect(() => {
    window.addEventListener("pagehide", save);
    return () => {
      window.removeEventListener("pagehide", save);
      save();
    };
  }, [save]);

  const write = useCallback(
    (next: string) => {
      touched.current = true;
      setText(next);
      unsaved.current = next;
      clearTimeout(timer.current);
      timer.current = setTimeout(save, WAIT);
    },
    [save],
  );
  const clear = useCallback(() => {
    write("");
    save();
  }, [write, save]);
  const release = useCallback(() => {
    save();
    touched.current = false;
  }, [save]);
  return { text, write, clear, release };
}
