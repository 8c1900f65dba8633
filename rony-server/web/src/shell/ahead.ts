/** Conversations are loaded before somebody goes there, so that they are there at once. */
import { type PointerEvent, useEffect, useMemo } from "react";
import type { Client } from "@/client/client";
import { useClient, useClientState } from "@/client/hooks";
import { prepare } from "@/conversation/message/body";
import { idle } from "@/lib/idle";
import type { Model } from "@/model/model";
import { sections } from "./order";

/** So many of the list's first ones are loaded while nothing else happens. */
const FIRST = 12;
/** Whoever rests on a row for so long may go there; who only passes it does not. In milliseconds. */
const REST = 50;

/** So many of a conversation's newest messages are made ready to be shown, as many as a screen has. */
const SCREEN = 24;
/** So many at once: a few milliseconds. */
const PART = 4;

/** Loads the first conversations of the list, one by one, whenever the page has nothing to do. */
export function useFirstAhead(): void {
  const client = useClient();
  const live = useClientState(({ connection }) => connection === "live");
  useEffect(() => {
    if (!live || savesData()) return;
    let over = false;
    const tried = new Set<string>();
    void (async () => {
      for (;;) {
        await idle();
        const { model } = client.snapshot();
        const next = over || model === null ? undefined : missing(model, tried);
        if (next === undefined) return;
        tried.add(next);
        await bring(client, next);
      }
    })();
    return () => {
      over = true;
    };
  }, [client, live]);
}

function missing(model: Model, tried: ReadonlySet<string>): string | undefined {
  const all = sections(model, "").flatMap((section) => section.conversations);
  return all.slice(0, FIRST).find(({ id }) => !model.timelines.has(id) && !tried.has(id))?.id;
}

/** For whatever leads to a conversation: it is loaded when a mouse or the focus rests on it, and when it is pressed. */
export function useAhead(id: string) {
  const client = useClient();
  return useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer = setTimeout(() => void bring(client, id), REST);
    };
    const stop = () => clearTimeout(timer);
    return {
      onPointerEnter: ({ pointerType }: PointerEvent) => {
        if (pointerType === "mouse") soon();
      },
      onPointerLeave: stop,
      onPointerDown: () => void bring(client, id),
      onFocus: soon,
      onBlur: stop,
    };
  }, [client, id]);
}

/** Loads a conversation, and makes its newest messages ready. */
async function bring(client: Client, id: string): Promise<void> {
  await client.foresee(id);
  const messages = client.snapshot().model?.timelines.get(id)?.messages.slice(-SCREEN) ?? [];
  for (let end = messages.length; end > 0; end -= PART) {
    await idle();
    const { model } = client.snapshot();
    if (model === null) return;
    for (const message of messages.slice(Math.max(0, end - PART), end)) prepare(model, message);
  }
}

/** Whether the person pays for what is loaded, and said so. */
function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
}
