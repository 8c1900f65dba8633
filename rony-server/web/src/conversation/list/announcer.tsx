import { useEffect, useRef, useState } from "react";
import type { Message } from "@/api/types";
import { useClient } from "@/client/hooks";
import { useLatest } from "@/lib/latest";
import { personName, saidLine } from "@/model/naming";
import { place } from "@/model/timeline";

const EVERY = 3_000;

/** Reads out what others write, at most every few seconds, and only how many where it is much. */
export function Announcer({ messages }: { messages: readonly Message[] }) {
  const client = useClient();
  const [said, setSaid] = useState("");
  const from = useRef<number | null>(null);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useLatest(messages);
  const newest = messages.at(-1);
  const number = newest === undefined ? null : place(newest);

  useEffect(() => {
    if (number === null) return;
    from.current ??= number;
    if (number <= from.current || waiting.current !== undefined) return;
    waiting.current = setTimeout(() => {
      waiting.current = undefined;
      const { model } = client.snapshot();
      const since = from.current ?? 0;
      const fresh: Message[] = [];
      for (let at = latest.current.length - 1; at >= 0; at -= 1) {
        const message = latest.current[at];
        if (message === undefined || place(message) <= since) break;
        if (message.sender_id !== model?.me.id) fresh.unshift(message);
      }
      from.current = number;
      if (model === null || fresh.length === 0) return;
      setSaid(
        fresh.length > 3
          ? `${fresh.length} new messages`
          : fresh.map((one) => `${personName(model, one.sender_id)}: ${saidLine(one).slice(0, 200)}`).join(". "),
      );
    }, EVERY);
  }, [client, number, latest]);
  useEffect(() => () => clearTimeout(waiting.current), []);
  return (
    <p aria-live="polite" className="sr-only">
      {said}
    </p>
  );
}
