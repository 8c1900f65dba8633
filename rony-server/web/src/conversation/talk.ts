/** What the parts of one conversation share: where they are, and what can be asked of the whole. */
import { createContext, useContext } from "react";
import type { ConversationView, Message } from "@/api/types";
import type { Rights } from "./rights";

/** What the box to write in is for at the moment, beside new messages. */
export type Writing = { kind: "reply" | "edit"; message: Message } | null;

export type Pane = "details" | "pins" | null;

export interface Talk {
  view: ConversationView;
  rights: Rights;
  /** The message under which the list and the box are; absent in the conversation itself. */
  thread?: string;
  writing: Writing;
  setWriting(writing: Writing): void;
  openThread(message: Message): void;
  /** Shows the message with this `seq` in the conversation. */
  jump(seq: number): void;
}

export const TalkContext = createContext<Talk | null>(null);

export function useTalk(): Talk {
  const talk = useContext(TalkContext);
  if (talk === null) throw new Error("this is no part of a conversation");
  return talk;
}
