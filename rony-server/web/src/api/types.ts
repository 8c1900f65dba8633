/** Short names for the shapes of the API. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type AccessToken = Schemas["AccessToken"];
export type AuditEntry = Schemas["AuditEntry"];
export type Contact = Schemas["Contact"];
export type Conversation = Schemas["Conversation"];
export type ConversationSnapshot = Schemas["ConversationSnapshot"];
export type ConversationView = Schemas["ConversationView"];
export type DoNotDisturb = Schemas["DoNotDisturb"];
export type Draft = Schemas["Draft"];
export type Head = Schemas["Head"];
export type Invite = Schemas["Invite"];
export type Member = Schemas["Member"];
export type MemberSettings = Schemas["MemberSettings"];
export type Message = Schemas["Message"];
export type MessagePage = Schemas["MessagePage"];
export type Notification = Schemas["Notification"];
export type OwnPresence = Schemas["OwnPresence"];
export type PersonalSnapshot = Schemas["PersonalSnapshot"];
export type Pin = Schemas["Pin"];
export type Problem = Schemas["Problem"];
export type Profile = Schemas["Profile"];
export type Role = Schemas["Role"];
export type Scope = Schemas["Scope"];
export type Session = Schemas["Session"];
export type Status = Schemas["Status"];
export type SyncAnswer = Schemas["SyncAnswer"];
export type User = Schemas["User"];
export type UserSummary = Schemas["UserSummary"];
