import { type MouseEvent, memo, useMemo } from "react";
import type { Message } from "@/api/types";
import { useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";
import type { Model } from "@/model/model";
import { personName } from "@/model/naming";
import { openOverlay } from "@/shell/overlays";
import { isEmojiOnly, type Resolve, toHtml } from "./markdown";
import "./body.css";

/** What was made of a message stays as long as the message does. */
const made = new WeakMap<Message, { names: string; html: string }>();

/** What a message says. */
export const Body = memo(function Body({ message }: { message: Message }) {
  const names = useModel((model) => namesIn(model, message));
  const me = useModel((model) => model.me.id);
  const html = useMemo(() => render(message, names, me), [message, names, me]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a card can be reached from the list of members too
    // biome-ignore lint/a11y/noStaticElementInteractions: only the names in it do something
    <div
      dir="auto"
      className={cn("message-body", isEmojiOnly(message.text) && "text-4xl leading-tight")}
      onClick={showPerson}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitized by `toHtml`
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
});

/** Makes what `Body` shows before somebody is there to see it. */
export function prepare(model: Model, message: Message): void {
  if (!message.deleted_at) render(message, namesIn(model, message), model.me.id);
}

/** The names of those it mentions, as one text that stays the same while they do. */
function namesIn(model: Model, message: Message): string {
  return (message.mentions?.users ?? [])
    .map((id) => {
      const person = id === model.me.id ? model.me : model.people.get(id);
      return [id, person?.username ?? "", personName(model, id)].join("\u0000");
    })
    .join("\u0001");
}

function render(message: Message, names: string, me: string): string {
  const known = made.get(message);
  if (known?.names === names) return known.html;
  const html = toHtml(message.text, resolver(message, names, me));
  made.set(message, { names, html });
  return html;
}

function resolver(message: Message, names: string, me: string): Resolve {
  const known = new Map<string, { id: string; name: string; own: boolean }>();
  for (const entry of names === "" ? [] : names.split("\u0001")) {
    const [id = "", username = "", name = ""] = entry.split("\u0000");
    if (username !== "") known.set(username.toLowerCase(), { id, name, own: id === me });
  }
  if (message.mentions?.all) {
    for (const name of ["all", "here"]) known.set(name, { id: "", name, own: message.sender_id !== me });
  }
  return (name) => known.get(name.toLowerCase()) ?? null;
}

function showPerson({ target }: MouseEvent): void {
  const id = target instanceof HTMLElement ? target.dataset.user : undefined;
  if (id) openOverlay({ kind: "person", id });
}
