/** The box to write in. */
import { SendHorizontal, Smile } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { explain } from "@/api/client";
import { useClient } from "@/client/hooks";
import { AttachButton } from "@/files/attach/attach-button";
import { Chips } from "@/files/attach/chips";
import { useAttaching } from "@/files/attach/use-attaching";
import { useDropOnto } from "@/files/attach/use-drop-onto";
import { picked } from "@/files/uploads/gather";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { edit } from "../acts";
import { PickEmoji } from "../emoji/pick";
import { used } from "../emoji/recent";
import { useTalk } from "../talk";
import { type Offer, useCompletion } from "./completion";
import { Offers } from "./offers";
import { useDraft } from "./use-draft";
import { wrapped } from "./wrap";
import { WritingFor } from "./writing-for";

interface Props {
  placeholder: string;
  /** Why one cannot write here. */
  refusal?: string | null;
}

/** As much as the server takes, in bytes. */
const LIMIT = 16_384;
const TYPING_EVERY = 3_000;
const touch = window.matchMedia("(pointer: coarse)");
const encoder = new TextEncoder();

/** How many characters at the end are more than the server takes: some need more bytes than others. */
function tooMany(text: string): number {
  const bytes = encoder.encode(text);
  if (bytes.length <= LIMIT) return 0;
  // A character that is cut in two does not fit either; `stream` leaves it out.
  const fits = new TextDecoder().decode(bytes.subarray(0, LIMIT), { stream: true });
  return [...text.slice(fits.length)].length;
}

export function Composer({ placeholder, refusal }: Props) {
  const { view, thread, writing, setWriting } = useTalk();
  const client = useClient();
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft(view.id, thread);
  const [changed, setChanged] = useState("");
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState(-1);
  const [picking, setPicking] = useState(false);
  const [saving, setSaving] = useState(false);
  const typed = useRef(0);
  const editing = writing?.kind === "edit" ? writing.message : null;
  const text = editing ? changed : draft.text;
  const completion = useCompletion(view, text, caret);
  const offers = completion.from === closed ? [] : completion.offers;
  const over = tooMany(text.trim());
  const attaching = useAttaching(thread ?? view.id);
  const dropping = useDropOnto(box, (files) => attaching.add(files));
  /** It is sent as soon as its files are on the server. */
  const [waiting, setWaiting] = useState(false);
  const attached = editing === null && attaching.all.length > 0;
  const empty = text.trim() === "" && !attached;

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, window.innerHeight * 0.4)}px`;
    element.dataset.length = String(text.length);
  }, [text]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it is for something else
  useEffect(() => {
    if (writing?.kind === "edit") {
      setChanged(writing.message.text);
      place(writing.message.text.length);
    }
    if (writing !== null) requestAnimationFrame(() => box.current?.focus());
  }, [writing]);

  // Whoever has keys begins to write at once; a phone would cover the messages with its keyboard.
  useEffect(() => {
    if (!touch.matches) box.current?.focus({ preventScroll: true });
  }, []);

  /** Puts the caret there, once the text is. */
  function place(from: number, to = from) {
    setCaret(to);
    requestAnimationFrame(() => box.current?.setSelectionRange(from, to));
  }

  function write(next: string) {
    if (editing) return setChanged(next);
    draft.write(next);
    if (next.trim() !== "" && Date.now() - typed.current > TYPING_EVERY) {
      typed.current = Date.now();
      client.typing(view.id);
    }
  }

  function insert(what: string) {
    const [from, to] = [box.current?.selectionStart ?? text.length, box.current?.selectionEnd ?? text.length];
    write(text.slice(0, from) + what + text.slice(to));
    place(from + what.length);
    requestAnimationFrame(() => box.current?.focus());
  }

  function choose({ insert: what, emoji }: Offer) {
    if (emoji) used(emoji);
    write(text.slice(0, completion.from) + what + text.slice(caret));
    place(completion.from + what.length);
    setActive(0);
  }

  async function send() {
    if (empty || over > 0 || saving) return;
    if (editing) return save();
    if (attaching.failed) return toast.error("A file did not arrive. Try it again, or remove it.");
    setWaiting(attaching.busy);
    if (attaching.busy) return;
    const reply_to = writing?.kind === "reply" ? writing.message.id : undefined;
    const attachments = attached ? attaching.ready : undefined;
    void client.post({ conversation_id: view.id, text: text.trim(), thread_id: thread, reply_to, attachments });
    attaching.clear();
    typed.current = 0;
    draft.clear();
    setWriting(null);
    setCaret(0);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the moment at which they are there counts
  useEffect(() => {
    if (waiting && attaching.failed) setWaiting(false);
    else if (waiting && !attaching.busy) void send();
  }, [waiting, attaching.busy, attaching.failed]);

  async function save() {
    if (editing === null) return;
    if (changed.trim() === editing.text) return setWriting(null);
    setSaving(true);
    try {
      await edit(editing, changed.trim());
      setWriting(null);
    } catch (error) {
      toast.error(explain(error));
    }
    setSaving(false);
  }

  function editLast() {
    const model = client.snapshot().model;
    const messages = model?.timelines.get(thread ?? view.id)?.messages ?? [];
    const last = messages.findLast(
      (message) => message.sender_id === model?.me.id && !message.deleted_at && !message.call,
    );
    if (last) setWriting({ kind: "edit", message: last });
    return last !== undefined;
  }

  /** Whether the key was for the suggestions. */
  function completed(event: KeyboardEvent): boolean {
    if (offers.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const current = offers[Math.min(active, offers.length - 1)];
    if (step !== undefined) setActive((active + step + offers.length) % offers.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && current) choose(current);
    else if (event.key === "Escape") setClosed(completion.from);
    else return false;
    return true;
  }

  function pressed(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
    const main = event.ctrlKey || event.metaKey;
    if (completed(event)) return true;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && (main || !touch.matches)) {
      void send();
      return true;
    }
    if (event.key === "ArrowUp" && text === "" && writing === null && !event.shiftKey && !event.altKey)
      return editLast();
    if (event.key === "Escape" && writing !== null) {
      setWriting(null);
      return true;
    }
    const mark =
      main && !event.altKey && !event.shiftKey ? { b: "**", i: "_", e: "`" }[event.key.toLowerCase()] : undefined;
    if (mark === undefined) return false;
    const next = wrapped(text, event.currentTarget.selectionStart, event.currentTarget.selectionEnd, mark);
    write(next.text);
    place(next.from, next.to);
    return true;
  }

  function down(event: KeyboardEvent<HTMLTextAreaElement>) {
    // Keys that an input method composes with are its own; Safari tells so by this code alone.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (pressed(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  if (refusal) {
    return (
      <p role="note" className="mx-4 mb-4 rounded-xl bg-muted px-4 py-3 text-center text-soft text-sm">
        {refusal}
      </p>
    );
  }
  return (
    <div className="relative px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))] max-sm:px-2">
      <div className="relative rounded-xl border border-strong bg-background focus-within:border-accent focus-within:ring-1 focus-within:ring-accent">
        {offers.length > 0 && <Offers id={`${id}-offers`} offers={offers} active={active} choose={choose} />}
        {editing === null && <Chips attaching={attaching} waiting={waiting} stay={() => setWaiting(false)} />}
        {writing && <WritingFor writing={writing} cancel={() => setWriting(null)} />}
        <div className="flex items-end gap-1 p-1.5">
          {editing === null && <AttachButton attaching={attaching} />}
          <textarea
            ref={box}
            dir="auto"
            rows={1}
            value={text}
            aria-label={placeholder}
            placeholder={placeholder}
            aria-autocomplete="list"
            aria-controls={offers.length > 0 ? `${id}-offers` : undefined}
            aria-activedescendant={
              offers.length > 0 ? `${id}-offers-${Math.min(active, offers.length - 1)}` : undefined
            }
            aria-invalid={over > 0 || undefined}
            className="min-h-9 min-w-0 flex-1 resize-none bg-transparent px-2 py-[7px] leading-[22px] outline-none placeholder:truncate placeholder:text-soft"
            onChange={({ target }) => {
              write(target.value);
              setCaret(target.selectionStart);
              setActive(0);
              setClosed(-1);
            }}
            onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
            onKeyDown={down}
            onPaste={(event) => {
              // What comes from a text program is pasted as text, though a picture of it comes, too.
              const files = picked(event.clipboardData.files);
              if (files.length === 0 || editing || event.clipboardData.types.includes("text/plain")) return;
              event.preventDefault();
              attaching.add(files);
            }}
            onBlur={draft.release}
          />
          <PickEmoji
            open={picking}
            onOpenChange={setPicking}
            pick={(emoji) => {
              used(emoji);
              insert(emoji);
            }}
          >
            <Button look="ghost" size="icon" aria-label="Emoji">
              <Smile />
            </Button>
          </PickEmoji>
          <Button
            size="icon"
            aria-label={editing ? "Save" : "Send"}
            disabled={empty || over > 0 || saving || waiting}
            className={cn("text-on-accent hover:text-on-accent")}
            onClick={() => void send()}
          >
            <SendHorizontal />
          </Button>
        </div>
      </div>
      {dropping}
      {over > 0 && (
        <p role="alert" className="mt-1 px-2 text-danger text-sm">
          This is too long by {over === 1 ? "1 character" : `${over.toLocaleString()} characters`}. Make it shorter, or
          send it in parts.
        </p>
      )}
    </div>
  );
}
