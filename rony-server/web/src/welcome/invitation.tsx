import type { components } from "@/api/schema";
import { until } from "@/lib/time";

/** Who invites, and where to. */
export function Invitation({ preview }: { preview: components["schemas"]["InvitePreview"] }) {
  const { conversation, invited_by, expires_at } = preview;
  const members = conversation?.member_count ?? 0;
  return (
    <>
      <p>
        {invited_by ? (
          <>
            <b dir="auto" className="text-text">
              {invited_by}
            </b>{" "}
            invites you to{" "}
          </>
        ) : (
          "Join "
        )}
        {conversation?.title ? (
          <b dir="auto" className="text-text">
            {conversation.icon} {conversation.title}
          </b>
        ) : (
          "chat here"
        )}
        .
      </p>
      {(members > 0 || expires_at) && (
        <p className="mt-1 text-sm">
          {[
            members > 0 && (members === 1 ? "1 person is there" : `${members} people are there`),
            expires_at && `Open ${until(expires_at)}`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      )}
    </>
  );
}
