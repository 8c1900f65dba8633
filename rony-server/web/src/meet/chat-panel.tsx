/** What is written beside a meeting. */
import { SendHorizontal } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { toHtml } from "@/conversation/message/markdown";
import "@/conversation/message/body.css";
import { clockTime } from "@/lib/time";
import { Button } from "@/ui/button";
import { follows, type Line } from "./chat";
import { GuestMark } from "./guest-mark";
import type { Meeting } from "./meeting";
import { Side } from "./side";
import type { PeerId } from "./wire";

interface Props {
  meeting: Meeting;
  lines: readonly Line[];
  self: PeerId;
  close: () => void;
}

/** The server takes no more at once. */
const LONGEST = 16_384;

export function ChatPanel({ meeting, lines, self, close }: Props) {
  const [text, setText] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each line the newest is to be seen
  useEffect(() => {
    // In some browsers it gives something back.
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines.length]);

  function send() {
    if (text.trim() === "") return;
    meeting.say({ type: "chat", text: text.trim(), client_id: crypto.randomUUID() });
    setText("");
  }

  function down(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <Side title="Chat" close={close}>
      <div
        ref={list}
        role="log"
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
        tabIndex={0}
        className="flex min-h-0 flex-1 flex-col overflow-y-auto p-4"
      >
        {lines.length === 0 && (
          <p className="m-auto max-w-56 text-balance text-center text-soft text-sm">
            All who are in the meeting now can read what you write here. In the meeting of a conversation, what its
            members write is kept there; all else is gone when the meeting is.
          </p>
        )}
        {lines.map((line, at) => (
          <Said key={`${line.from} ${line.client_id}`} line={line} before={lines[at - 1]} self={self} />
        ))}
      </div>
      <form
        className="flex items-end gap-2 border-t p-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          ref={field}
          rows={Math.min(5, text.split("\n").length)}
          dir="auto"
          aria-label="Message to all"
          placeholder="Message to all"
          maxLength={LONGEST / 4}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={down}
          className="min-h-9 min-w-0 flex-1 resize-none rounded-lg border border-strong bg-background px-3 py-1.5 text-sm placeholder:text-soft"
        />
        <Button type="submit" size="icon" className="text-on-accent hover:text-on-accent" aria-label="Send">
          <SendHorizontal />
        </Button>
      </form>
    </Side>
  );
}

function Said({ line, before, self }: { line: Line; before: Line | undefined; self: PeerId }) {
  const html = useMemo(() => toHtml(line.text, () => null), [line.text]);
  return (
    <div className={follows(line, before) ? "mt-1" : "mt-3 first:mt-0"}>
      {!follows(line, before) && (
        <p className="flex items-baseline gap-2 text-sm">
          <span dir="auto" className="min-w-0 truncate font-semibold">
            {line.from === self ? "You" : line.name}
          </span>
          {line.guest && line.from !== self && <GuestMark className="self-center text-soft" />}
          <time dateTime={line.at} className="shrink-0 text-soft text-xs">
            {clockTime(line.at)}
          </time>
        </p>
      )}
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: sanitized by `toHtml` */}
      <div dir="auto" className="message-body text-sm" dangerouslySetInnerHTML={{ __html: html }} />
    </div>
  );
}
