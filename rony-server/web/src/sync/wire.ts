/** What goes over the gateway; docs/GATEWAY.md describes it. */
import type {
  Contact,
  Conversation,
  FileLevel,
  Head,
  MemberSettings,
  Message,
  Notification,
  OwnPresence,
  Profile,
  Role,
  Status,
  UserSummary,
} from "@/api/types";
import type { CallSaid, CallTold } from "@/call/wire";

export type StreamId = string;

/** The stream of everybody's names and pictures. */
export const DIRECTORY: StreamId = "00000000-0000-7000-8000-000000000001";

/** Something that happened in a stream. A type that is not known here counts, and does nothing. */
export type StreamEvent = { seq: number; at?: string } & (
  | { type: "message.posted" | "message.edited" | "message.deleted"; message: Message }
  | { type: "reaction.added" | "reaction.removed"; message: Message; user_id: string; emoji: string }
  | { type: "pin.added"; message_id: string; user_id: string; message: Message }
  | { type: "pin.removed"; message_id: string; user_id: string }
  | { type: "read.moved"; conversation_id: string; thread_id?: string; ordinal: number }
  | { type: "draft.changed"; conversation_id: string; thread_id?: string }
  | { type: "user.created" | "user.changed"; user: UserSummary }
  | { type: "profile.changed"; profile: Profile }
  | { type: "conversation.created"; conversation: Conversation; member_count: number }
  | { type: "conversation.changed"; conversation: Conversation; by_id: string | null }
  | { type: "conversation.deleted"; conversation_id: string; by_id: string }
  | { type: "member.joined"; conversation_id: string; user_id: string; role: Role; by_id: string | null }
  | { type: "member.left"; conversation_id: string; user_id: string; by_id: string | null }
  | { type: "member.changed"; conversation_id: string; user_id: string; role: Role; by_id: string | null }
  | { type: "member.settings"; conversation_id: string; settings: MemberSettings }
  | { type: "contact.changed"; contact: Contact }
  | { type: "contact.removed"; user_id: string }
  | { type: "presence.set"; presence: OwnPresence }
  | { type: "notification.added"; notification: Notification }
  | { type: "notification.cleared"; ids: string[] }
  | { type: "dnd.changed"; until: string | null }
  | { type: "file.changed"; file_id: string; parent_id: string | null }
  | { type: "grant.added"; file_id: string; level: FileLevel }
  | { type: "grant.removed"; file_id: string }
  | { type: "meeting.changed" | "meeting.removed"; meeting_id: string }
  | { type: "skipped" }
);

export type EventType = StreamEvent["type"];
/** The event of one type. */
export type EventOf<T extends EventType> = Extract<StreamEvent, { type: T }>;

export interface Hello {
  type: "hello";
  session_id?: string;
  user_id: string;
  heartbeat_ms: number;
  since: string;
  moved: Head[];
  more: boolean;
}

export interface PresenceChange {
  user_id: string;
  status: Status;
  text: string;
  since: string | null;
}

export type ServerFrame =
  | Hello
  | { type: "event"; stream: StreamId; event: StreamEvent }
  | { type: "heartbeat"; since: string; heads: Record<StreamId, number> }
  | { type: "presence"; changes: PresenceChange[] }
  | { type: "typing"; conversation_id: string; user_ids: string[] }
  | { type: "read_marks"; conversation_id: string; marks: { user_id: string; ordinal: number }[] }
  | { type: "call"; message: CallTold }
  | { type: "ack"; id: number | string; message_id?: string; seq?: number }
  | { type: "error"; id?: number | string; code: string; detail: string; retry_after_ms?: number }
  | { type: "pong"; id?: number | string };

export type ClientFrame =
  | { type: "resume"; since?: string }
  | { type: "watch"; user_ids: string[]; conversation_id?: string }
  | {
      type: "post";
      id: number | string;
      conversation_id: string;
      client_id: string;
      text: string;
      reply_to?: string;
      thread_id?: string;
    }
  | { type: "typing"; conversation_id: string }
  | { type: "read"; id?: number; conversation_id: string; thread_id?: string; ordinal: number }
  | { type: "presence"; status: "online" | "away" }
  | { type: "call"; device: string; message: CallSaid }
  | { type: "ping" };
