/** What is on its way to the server, at the corner of the page. */
import { useQueryClient } from "@tanstack/react-query";
import { Check, ChevronDown, CircleAlert, RotateCw, Upload, WifiOff, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { refreshFiles } from "../queries";
import { count, iconOf, sizeOf, timeLeft } from "../words";
import { Clash } from "./clash";
import type { Entry, Snapshot, Uploads } from "./uploads";
import { useSnapshot } from "./use-uploads";

/** So many are listed; what is under way comes first. */
const MOST = 100;

const ORDER: Record<Entry["state"], number> = {
  asking: 0,
  lost: 1,
  failed: 2,
  running: 3,
  away: 3,
  waiting: 4,
  done: 5,
};

interface Props {
  uploads: Uploads;
  /** It goes by itself once everything is there. */
  fleeting?: boolean;
  /** There is little room: of it only the head is shown at first. */
  small?: boolean;
  className?: string;
}

/** So long one sees that everything is there, in milliseconds. */
const SEEN = 6_000;

export function UploadsPanel({ uploads, fleeting, small = false, className }: Props) {
  const snapshot = useSnapshot(uploads);
  const queries = useQueryClient();
  const [open, setOpen] = useState(!small);
  useEffect(() => setOpen(!small), [small]);
  const entries = snapshot.entries.filter(({ quiet }) => !quiet);
  const done = snapshot.entries.filter(({ state }) => state === "done").length;
  useEffect(() => {
    if (done > 0) void refreshFiles(queries);
  }, [done, queries]);

  const over = entries.length > 0 && entries.every(({ state }) => state === "done");
  useEffect(() => {
    if (!fleeting || !over) return;
    const timer = setTimeout(() => uploads.clear(), SEEN);
    return () => clearTimeout(timer);
  }, [fleeting, over, uploads]);

  const asking = entries.find(({ state }) => state === "asking");
  if (entries.length === 0) return null;
  const shown = [...entries].sort((a, b) => ORDER[a.state] - ORDER[b.state]).slice(0, MOST);
  const under = entries.filter(({ state }) => ["waiting", "running", "away", "asking"].includes(state)).length;
  return (
    <section
      aria-label="Uploads"
      className={cn(
        "fixed right-4 bottom-4 z-30 flex max-h-[min(24rem,60dvh)] w-88 flex-col overflow-hidden rounded-2xl border bg-raised shadow-xl",
        "max-md:inset-x-2 max-md:bottom-[calc(4.25rem+env(safe-area-inset-bottom))] max-md:w-auto",
        className,
      )}
    >
      <header className="flex items-center gap-1 px-3 py-2">
        <div role="status" className="min-w-0 flex-1 pl-1">
          <h2 className="truncate font-semibold text-sm">{titleOf(entries, under)}</h2>
          {under > 0 && <p className="truncate text-soft text-xs">{progressOf(snapshot)}</p>}
        </div>
        {under > 1 && (
          <Button look="ghost" size="small" onClick={() => uploads.cancelAll()}>
            Cancel all
          </Button>
        )}
        <Button
          look="ghost"
          size="icon-small"
          aria-label={open ? "Make it small" : "Show all uploads"}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <ChevronDown className={cn(!open && "rotate-180")} />
        </Button>
        {under === 0 && (
          <Button look="ghost" size="icon-small" aria-label="Close the list of uploads" onClick={() => uploads.clear()}>
            <X />
          </Button>
        )}
      </header>
      {under > 0 && <Bar label="All uploads" value={snapshot.sent} of={snapshot.size} />}
      {open && (
        <ul className="min-h-0 overflow-y-auto pb-1.5">
          {shown.map((entry) => (
            <Row key={entry.id} entry={entry} uploads={uploads} />
          ))}
          {entries.length > MOST && (
            <li className="px-4 py-2 text-soft text-xs">and {(entries.length - MOST).toLocaleString()} more</li>
          )}
        </ul>
      )}
      {asking && (
        <Clash
          key={asking.id}
          entry={asking}
          others={entries.filter(({ state }) => state === "asking" || state === "waiting").length > 1}
          answer={(what, all) => uploads.answer(asking.id, what, all)}
        />
      )}
    </section>
  );
}

function titleOf(entries: readonly Entry[], under: number): string {
  if (under > 0) return `Uploading ${count(under, "file", "files")}`;
  const failed = entries.filter(({ state }) => state === "failed").length;
  if (failed > 0) return `${count(failed, "upload", "uploads")} did not work`;
  const lost = entries.filter(({ state }) => state === "lost").length;
  if (lost > 0) return `${count(lost, "upload is", "uploads are")} not done`;
  return `${count(entries.length, "file is", "files are")} uploaded`;
}

function progressOf({ entries, sent, size, speed }: Snapshot): string {
  if (entries.some(({ state }) => state === "away")) return "No connection. It goes on by itself.";
  const so = `${sizeOf(sent)} of ${sizeOf(size)}`;
  const left = speed > 0 ? timeLeft((size - sent) / speed) : "";
  return left ? `${so} · ${left}` : so;
}

function Bar({ label, value, of }: { label: string; value: number; of: number }) {
  const percent = of === 0 ? 100 : Math.floor((value * 100) / of);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      className="h-1 shrink-0 overflow-hidden bg-strong/20"
    >
      <div className="h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
    </div>
  );
}

function Row({ entry, uploads }: { entry: Entry; uploads: Uploads }) {
  const { id, name, state } = entry;
  const Icon = iconOf({ name, media_type: entry.type });
  return (
    <li className="flex items-center gap-3 py-1.5 pr-2 pl-4">
      <Icon className="size-5 shrink-0 text-soft" strokeWidth={1.75} aria-hidden />
      <div className="min-w-0 flex-1">
        <p dir="auto" title={name} className="truncate text-sm">
          {name}
        </p>
        <p className={cn("text-xs", state === "failed" ? "text-danger" : "truncate text-soft")}>{said(entry)}</p>
        {(state === "running" || state === "away") && (
          <div className="mt-1 overflow-hidden rounded-full">
            <Bar label={name} value={entry.sent} of={entry.size} />
          </div>
        )}
      </div>
      {state === "done" && <Check className="mr-1.5 size-4 shrink-0 text-good" aria-hidden />}
      {state === "away" && <WifiOff className="size-4 shrink-0 text-warn" aria-hidden />}
      {state === "failed" && (
        <>
          <CircleAlert className="size-4 shrink-0 text-danger" aria-hidden />
          {entry.file && (
            <Button look="ghost" size="icon-small" aria-label={`Try ${name} again`} onClick={() => uploads.retry(id)}>
              <RotateCw />
            </Button>
          )}
        </>
      )}
      {state === "lost" && <Again entry={entry} uploads={uploads} />}
      {state !== "done" && (
        <Button look="ghost" size="icon-small" aria-label={`Cancel ${name}`} onClick={() => uploads.cancel(id)}>
          <X />
        </Button>
      )}
    </li>
  );
}

function said({ state, sent, size, where, error }: Entry): string {
  switch (state) {
    case "waiting":
      return `Waits · ${sizeOf(size)}`;
    case "running":
      return `${sizeOf(sent)} of ${sizeOf(size)} · to ${where}`;
    case "away":
      return "Goes on when the connection is back";
    case "asking":
      return "There is a file of this name";
    case "failed":
      return error ?? "That did not work.";
    case "lost":
      return `${sizeOf(sent)} of ${sizeOf(size)} are there. Choose the same file to go on.`;
    case "done":
      return `In ${where}`;
  }
}

/** Asks for the same file, of which the rest is missing. */
function Again({ entry, uploads }: { entry: Entry; uploads: Uploads }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look="plain" size="small" onClick={() => input.current?.click()}>
        <Upload className="size-3.5" />
        Choose
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={`The same file for ${entry.name}`}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          currentTarget.value = "";
          if (file && !uploads.again(entry.id, file))
            toast.error(`That is another file. Choose “${entry.name}” as it was, with ${sizeOf(entry.size)}.`);
        }}
      />
    </>
  );
}
