/** What `@` and `:` at the caret may become. */
import { useEffect, useMemo, useState } from "react";
import type { ConversationView } from "@/api/types";
import { useModel } from "@/client/hooks";
import { fold } from "@/shell/order";
import { findEmoji, loadEmoji, type Named } from "../emoji/data";

export interface Offer {
  key: string;
  /** What takes the place of what was written. */
  insert: string;
  label: string;
  hint: string;
  person?: string;
  emoji?: string;
}

export interface Completion {
  offers: readonly Offer[];
  /** Where what was written so far begins. */
  from: number;
}

const MOST = 8;
const NONE: Completion = { offers: [], from: 0 };

export function useCompletion(view: ConversationView, text: string, caret: number): Completion {
  const found = text.slice(0, caret).match(/(?:^|[\s(])([@:])([\p{L}\p{N}._+-]*)$/u);
  const [, sign, letters = ""] = found ?? [];
  const from = caret - letters.length - 1;
  const people = usePeople(view, sign === "@" ? letters : null);
  const emoji = useEmoji(sign === ":" && letters.length >= 2 ? letters : null);
  return useMemo(() => {
    const offers = sign === "@" ? people : sign === ":" ? emoji : [];
    return offers.length === 0 ? NONE : { offers, from };
  }, [sign, people, emoji, from]);
}

function usePeople(view: ConversationView, letters: string | null): readonly Offer[] {
  const members = useModel((model) => model.members.get(view.id));
  const contacts = useModel((model) => model.contacts);
  const me = useModel((model) => model.me.id);
  return useMemo(() => {
    if (letters === null) return [];
    const wanted = fold(letters);
    const offers: Offer[] = [];
    for (const { user_id, username, display_name } of members ?? []) {
      if (user_id === me) continue;
      const name = contacts.get(user_id)?.nickname || display_name;
      const words = [username, ...fold(display_name).split(/\s+/), ...fold(name).split(/\s+/)];
      if (!words.some((word) => fold(word).startsWith(wanted))) continue;
      offers.push({ key: user_id, insert: `@${username} `, label: name, hint: `@${username}`, person: user_id });
    }
    offers.sort((a, b) => a.label.localeCompare(b.label));
    const all = view.kind === "group" && "all".startsWith(wanted);
    if (all) offers.splice(MOST - 1, 0, { key: "all", insert: "@all ", label: "@all", hint: "Everybody here" });
    return offers.slice(0, MOST);
  }, [letters, members, contacts, me, view.kind]);
}

function useEmoji(letters: string | null): readonly Offer[] {
  const [all, setAll] = useState<readonly Named[] | null>(null);
  const wanted = letters !== null;
  useEffect(() => {
    if (wanted && all === null) loadEmoji().then(setAll, () => {});
  }, [wanted, all]);
  return useMemo(() => {
    if (letters === null || all === null) return [];
    return findEmoji(all, letters, MOST).map(({ emoji, name }) => ({
      key: emoji,
      insert: `${emoji} `,
      label: `:${name}:`,
      hint: "",
      emoji,
    }));
  }, [letters, all]);
}
