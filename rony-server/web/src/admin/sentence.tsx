/** Entries of the audit log, as sentences. */
import type { ReactNode } from "react";
import type { AuditEntry } from "@/api/types";
import { useModel, usePersonName } from "@/client/hooks";
import { conversationTitle } from "@/model/naming";

/** What can be in the log, by its name there, and how it is called in the filter. */
export const ACTIONS: readonly (readonly [string, string])[] = [
  ["session.created", "Signed in"],
  ["session.refused", "Wrong password"],
  ["session.limited", "Too many wrong passwords"],
  ["session.ended", "Signed out a device"],
  ["session.others_ended", "Signed out all other devices"],
  ["session.granted", "Signed in by the server"],
  ["user.created", "Added an account"],
  ["user.registered", "Made an account"],
  ["user.role_changed", "Changed a role"],
  ["user.deactivated", "Switched an account off"],
  ["user.reactivated", "Switched an account on"],
  ["user.password_changed", "Changed a password"],
  ["user.reset_link_made", "Made a reset link"],
  ["user.password_reset", "Used a reset link"],
  ["token.created", "Made an access token"],
  ["token.deleted", "Deleted an access token"],
  ["invite.created", "Made an invite link"],
  ["invite.revoked", "Took an invite link back"],
  ["setup.done", "Set the server up"],
];

type Detail = Readonly<Record<string, unknown>>;

/** Who did what, in words. */
export function Sentence({ entry }: { entry: AuditEntry }) {
  const detail = entry.detail as Detail;
  const actor = entry.actor_id ? <Name id={entry.actor_id} /> : "The server";
  const whom = entry.target_id ? <Name id={entry.target_id} /> : null;
  const own = entry.target_id === entry.actor_id;
  switch (entry.action) {
    case "setup.done":
      return <>{actor} set the server up</>;
    case "user.created":
      return (
        <>
          {actor} added <b>@{text(detail.username)}</b>
        </>
      );
    case "user.registered":
      return (
        <>
          {actor} made an account, <b>@{text(detail.username)}</b>
        </>
      );
    case "user.role_changed":
      return detail.to === "administrator" ? (
        <>
          {actor} made {whom} an administrator
        </>
      ) : (
        <>
          {actor} made {own ? "themselves" : whom} a member
        </>
      );
    case "user.deactivated":
      return (
        <>
          {actor} switched the account of {whom} off
        </>
      );
    case "user.reactivated":
      return (
        <>
          {actor} switched the account of {whom} on again
        </>
      );
    case "user.password_changed":
      return <>{actor} changed their password</>;
    case "user.reset_link_made":
      return (
        <>
          {actor} made a reset link for {own ? "themselves" : whom}
        </>
      );
    case "user.password_reset":
      return <>{whom ?? actor} set a password by a reset link</>;
    default:
      return <Other entry={entry} actor={actor} whom={whom} detail={detail} />;
  }
}

interface OtherProps {
  entry: AuditEntry;
  actor: ReactNode;
  whom: ReactNode;
  detail: Detail;
}

function Other({ entry, actor, whom, detail }: OtherProps) {
  switch (entry.action) {
    case "session.created":
      return <>{actor} signed in</>;
    case "session.refused":
      return whom ? <>Somebody gave a wrong password for {whom}</> : <>Somebody tried to sign in without an account</>;
    case "session.limited":
      return whom ? <>Too many wrong passwords for {whom}: they have to wait</> : <>Too many tries to sign in</>;
    case "session.ended":
      return <>{actor} signed out a device</>;
    case "session.others_ended":
      return <>{actor} signed out all their other devices</>;
    case "session.granted":
      return (
        <>
          {actor} signed in {text(detail.count)} people, for “{text(detail.name)}”
        </>
      );
    case "token.created":
    case "token.deleted":
      return (
        <>
          {actor} {entry.action === "token.created" ? "made" : "deleted"} an access token
          {detail.user_id !== entry.actor_id && (
            <>
              {" for "}
              <Name id={text(detail.user_id)} />
            </>
          )}
        </>
      );
    case "invite.created":
      return (
        <>
          {actor} made an invite link
          {detail.conversation_id ? <Group id={text(detail.conversation_id)} /> : " to the server"}
        </>
      );
    case "invite.revoked":
      return <>{actor} took an invite link back</>;
    default:
      return (
        <>
          {actor}: {entry.action} {whom}
        </>
      );
  }
}

function Name({ id }: { id: string }) {
  const name = usePersonName(id);
  return <b dir="auto">{name}</b>;
}

function Group({ id }: { id: string }) {
  const title = useModel((model) => {
    const view = model.conversations.get(id);
    return view === undefined ? "" : conversationTitle(model, view);
  });
  return title ? (
    <>
      {" into "}
      <b dir="auto">{title}</b>
    </>
  ) : (
    <> into a group</>
  );
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
