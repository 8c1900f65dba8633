/** The messages of a conversation or thread: a list of any length of which only what is in view is drawn. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { LoaderCircle } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useClient, useClientState, useLatest, useModel } from "@/client/hooks";
import { heightOfFiles } from "@/files/attach/measure";
import { cn } from "@/lib/cn";
import { isMention } from "@/model/model";
import { place, type Timeline } from "@/model/timeline";
import { Message } from "../message/message";
import { Pending } from "../message/pending";
import { useTalk } from "../talk";
import { Announcer } from "./announcer";
import { bring } from "./bring";
import { DayLine, NewLine } from "./lines";
import { ToLatest, ToUnread } from "./pills";
import { Readers, useReaders } from "./readers";
import { type Row, toRows } from "./rows";
import { useDivider } from "./use-divider";
import { useMarkRead } from "./use-mark-read";

/** Where to go: `seq` of a message; `nonce` so that the same one can be asked for twice. */
export interface Target {
  seq: number;
  nonce: number;
}

interface Props {
  timeline: Timeline;
  /** What stands above the first message of all. */
  start: ReactNode;
  target: Target | null;
  label: string;
}

const NEAR = 6;
/** So many rows out of view are drawn too. With the first frame there are none but a few: what is seen is there sooner. */
const AROUND = 8;
const AROUND_FIRST = 1;
const AT_END = 80;
/** More messages than these are not loaded only to pass them. */
const FAR = 300;

export function MessageList({ timeline, start, target, label }: Props) {
  const { view, thread, writing } = useTalk();
  const client = useClient();
  const edited = writing?.kind === "edit" ? writing.message.id : null;
  const me = useModel((model) => model.me.id);
  const pins = useModel((model) => model.pins.get(view.id));
  const allPending = useClientState((state) => state.pending);
  const divider = useDivider(view, thread);
  const scroller = useRef<HTMLDivElement>(null);
  const [marked, setMarked] = useState<number | null>(null);
  const [settled, setSettled] = useState(false);
  const readers = useReaders(view, thread);

  const pending = useMemo(
    () => allPending.filter((one) => one.conversation_id === view.id && (one.thread_id ?? undefined) === thread),
    [allPending, view.id, thread],
  );
  const rows = useMemo(() => toRows({ timeline, pending, me, divider }), [timeline, pending, me, divider]);
  const pinned = useMemo(() => new Set(pins?.map((pin) => pin.message.id)), [pins]);

  /** Whether all up to the newest message was here before what is drawn now. */
  const whole = useRef(!timeline.moreAfter);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: settled ? AROUND : AROUND_FIRST,
    // Those at the end are drawn with the first frame, and none at the top only to be left at once.
    initialRect: { width: 0, height: viewHeight() },
    initialOffset: () => (target === null ? Math.max(0, heightOf(rows) - viewHeight()) : 0),
    anchorTo: "end",
    // What is loaded at the far end of a part is for whoever comes down to it, and nothing new.
    followOnAppend: whole.current && !timeline.moreAfter,
    scrollEndThreshold: AT_END,
    paddingStart: timeline.moreBefore ? 48 : 0,
    paddingEnd: 8,
  });
  /** Where the person scrolled to last was the end: of all, not of a part from the midst. */
  const sticks = useRef(false);
  useLayoutEffect(() => {
    whole.current = !timeline.moreAfter;
    if (timeline.moreAfter) sticks.current = false;
  }, [timeline.moreAfter]);
  const items = virtual.getVirtualItems();
  const atEnd = settled && !timeline.moreAfter && virtual.isAtEnd(AT_END);
  const last = timeline.messages.at(-1);

  const latestRows = useLatest(rows);
  const firstNew = () => latestRows.current.findIndex((row) => row.kind === "message" && row.first);

  useEdges(rows.length, settled ? items[0]?.index : undefined, settled ? items.at(-1)?.index : undefined, timeline);
  useMarkRead(view, thread, atEnd ? last : undefined);

  // Where the list begins: at what is new, else at the end.
  const began = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only with the first rows
  useLayoutEffect(() => {
    if (began.current || rows.length === 0) return;
    began.current = true;
    if (target !== null) return setSettled(true);
    const fresh = rows.findIndex((row) => row.kind === "message" && row.first);
    if (fresh >= 0) bring(virtual, firstNew);
    else virtual.scrollToEnd();
    // Once more when the first rows were measured.
    void frame().then(() => {
      if (fresh < 0) virtual.scrollToEnd();
      setSettled(true);
    });
  }, [rows.length]);

  const key = thread ?? view.id;
  useEffect(() => client.show(key), [client, key]);
  useEffect(() => client.follow(key, atEnd), [client, key, atEnd]);

  // Where the box below grows, the newest stays in view.
  const stays = useRef(false);
  stays.current = atEnd;
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (stays.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    const scrolled = () => {
      sticks.current = whole.current && element.scrollHeight - element.scrollTop - element.clientHeight <= AT_END;
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, []);

  // What comes in front of one's own message that is still on its way is no new end, and yet pushes the end out of view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each change of the rows
  useLayoutEffect(() => {
    if (settled && sticks.current && !timeline.moreAfter) virtual.scrollToEnd();
  }, [rows]);

  useEffect(() => {
    if (target === null) return;
    let cancelled = false;
    void (async () => {
      const at = () => latestRows.current.findIndex((row) => row.kind === "message" && row.message.seq === target.seq);
      if (at() < 0) await client.around(view.id, target.seq).catch(() => {});
      await frame();
      if (cancelled) return;
      bring(virtual, at);
      setMarked(target.seq);
      setTimeout(() => setMarked((now) => (now === target.seq ? null : now)), 2_500);
    })();
    return () => {
      cancelled = true;
    };
  }, [target, client, view.id, virtual, latestRows]);

  // What one writes oneself comes into view.
  const newest = pending.at(-1)?.client_id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when there is another one
  useEffect(() => {
    if (newest === undefined) return;
    if (timeline.moreAfter) void toEnd();
    else virtual.scrollToEnd();
  }, [newest]);

  async function toEnd() {
    if (timeline.moreAfter) await client.latest(view.id).catch(() => {});
    await frame();
    virtual.scrollToEnd();
  }

  /** Back to where the new ones begin: with what lies between where it is little, else only with what is around it. */
  async function toUnread() {
    const from = (divider ?? 0) + 1;
    const oldest = () => client.snapshot().model?.timelines.get(view.id);
    const edge = oldest()?.messages[0];
    if (edge && place(edge) - from > FAR) await client.aroundOrdinal(view.id, from).catch(() => {});
    for (let now = oldest(); now?.moreBefore; now = oldest()) {
      const edge = now.messages[0];
      if (edge === undefined || place(edge) < from) break;
      await client.older(view.id).catch(() => {});
      if (oldest() === now) break;
    }
    await frame();
    // Whoever came by keys goes on from there: the button is gone.
    bring(virtual, firstNew, () => focusSoon(firstNew()));
  }

  function focusRow(index: number) {
    virtual.scrollToIndex(index, { align: "auto" });
    focusSoon(index);
  }

  function focusSoon(index: number) {
    void frame().then(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true }),
    );
  }

  function down(event: KeyboardEvent<HTMLElement>) {
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-index]") : null;
    if (row === null || row !== event.target) return;
    const index = Number(row.dataset.index);
    const to = { ArrowUp: index - 1, ArrowDown: index + 1, End: rows.length - 1 }[event.key];
    if (to === undefined || to < 0 || to >= rows.length) return;
    event.preventDefault();
    focusRow(to);
  }

  const first = timeline.messages[0];
  // The divider is further up, and was not in view yet.
  const above = divider !== null && timeline.moreBefore && first !== undefined && place(first) > divider;
  const divided = useMemo(() => rows.findIndex((row) => row.kind === "message" && row.first), [rows]);
  const seen = useRef(false);
  if (settled && divided >= 0 && divided >= (items[0]?.index ?? 0)) seen.current = true;
  const hidden = settled && !seen.current && (above || divided >= 0);
  const tabStop = items.at(-1)?.index;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        role="log"
        aria-label={label}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden overscroll-contain [overflow-anchor:none] focus-visible:outline-offset-[-2px]"
        onKeyDown={down}
      >
        {/* What one reads back from stands at the end; a thread is read from the message that it is about. */}
        <div className={cn("flex min-h-full flex-col", thread === undefined && "justify-end")}>
          <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
            {timeline.moreBefore && (
              <LoaderCircle className="absolute inset-x-0 top-4 mx-auto size-4 animate-spin text-soft" aria-hidden />
            )}
            <div className="absolute inset-x-0 top-0" style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
              {items.map(({ index, key }) => {
                const row = rows[index];
                if (row === undefined) return null;
                return (
                  // biome-ignore lint/a11y/useSemanticElements: rows of a virtual list
                  <div
                    key={key}
                    ref={virtual.measureElement}
                    data-index={index}
                    role="group"
                    tabIndex={index === tabStop ? 0 : -1}
                    className="relative focus-visible:z-10 focus-visible:outline-offset-[-2px]"
                  >
                    {row.kind === "start" && start}
                    {row.kind === "pending" && <Pending pending={row.pending} grouped={row.grouped} />}
                    {row.kind === "message" && (
                      <>
                        {row.day && <DayLine moment={row.message.created_at} />}
                        {row.first && <NewLine />}
                        <Message
                          message={row.message}
                          grouped={row.grouped}
                          marked={marked === row.message.seq}
                          mention={isMention(row.message, me)}
                          pinned={pinned.has(row.message.id)}
                          editing={row.message.id === edited}
                        />
                        {readers?.get(row.message.ordinal) && (
                          <Readers users={readers.get(row.message.ordinal) ?? []} sender={row.message.sender_id} />
                        )}
                      </>
                    )}
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      </div>
      {hidden && <ToUnread go={() => void toUnread()} />}
      {settled && !atEnd && <ToLatest count={thread ? 0 : view.unread} go={() => void toEnd()} />}
      <Announcer messages={timeline.moreAfter ? [] : timeline.messages} />
    </div>
  );
}

/** Loads more where the view comes near an edge of what is here. */
function useEdges(count: number, from: number | undefined, to: number | undefined, timeline: Timeline) {
  const { view, thread } = useTalk();
  const client = useClient();
  const before = timeline.moreBefore && from !== undefined && from < NEAR;
  const after = timeline.moreAfter && to !== undefined && to >= count - NEAR;
  const [first, last] = [timeline.messages[0]?.id, timeline.messages.at(-1)?.id];
  // biome-ignore lint/correctness/useExhaustiveDependencies: again with each page, while the edge is near
  useEffect(() => {
    if (before) void client.older(view.id, thread).catch(() => {});
    if (after) void client.newer(view.id, thread).catch(() => {});
  }, [before, after, first, last]);
}

function frame(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
}

/** About how high the list's view is, before it was seen: the window without what stands above and below. */
function viewHeight(): number {
  return Math.max(200, window.innerHeight - 150);
}

/** About how high all rows are together. */
function heightOf(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + estimate(row), 0);
}

/** About how high a row is, until it was seen. */
function estimate(row: Row | undefined): number {
  if (row === undefined || row.kind === "start") return 140;
  const text = row.kind === "message" ? row.message.text : row.pending.text;
  const lines = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 90)), 0);
  const files = (row.kind === "message" ? row.message : row.pending).attachments ?? [];
  return (text === "" ? 0 : lines * 22) + heightOfFiles(files) + (row.grouped ? 4 : 34);
}
