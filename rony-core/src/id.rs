//! Typed identifiers: a function cannot be handed the wrong one.
//!
//! All are UUIDv7, so that they sort by the time they were made and sit together in an index. On the wire they are
//! plain UUID strings. How an id is made is not a secret: knowing one grants nothing.

use uuid::Uuid;

use crate::time::Timestamp;

/// A new UUIDv7 for the given moment; its random part comes from the operating system.
pub(crate) fn uuid_at(now: Timestamp) -> Uuid {
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    let (seconds, nanos) = (millis / 1000, (millis % 1000) as u32 * 1_000_000);
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos))
}

/// Declares an id type with everything that all ids can do.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A fresh id, made at `now` (UUIDv7: time first, random rest).
            #[must_use]
            pub fn new(now: $crate::time::Timestamp) -> Self {
                Self($crate::id::uuid_at(now))
            }

            /// The UUID inside, as databases want it.
            #[must_use]
            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}
id! {
    /// A person's (or bot's) account.
    UserId
}
id! {
    /// A direct or group conversation.
    ConversationId
}
id! {
    /// A message in a conversation.
    MessageId
}
id! {
    /// A signed-in device, or a personal access token.
    SessionId
}
id! {
    /// A note to all nodes that a session has ended.
    RevocationId
}
id! {
    /// An invitation link.
    InviteId
}
id! {
    /// A file or a folder.
    ItemId
}
id! {
    /// A run of bytes in the store of blobs.
    BlobId
}
id! {
    /// An upload on its way.
    UploadId
}
id! {
    /// A link that shares a file or a folder.
    ShareId
}
id! {
    /// A room for meetings.
    RoomId
}
id! {
    /// A scheduled meeting.
    MeetingId
}
id! {
    /// A call. The caller's device chooses it, so that an invitation that is sent twice rings once.
    CallId
}
id! {
    /// Somebody without an account who came to a room by its link, so that one who was removed is recognised.
    GuestId
}
id! {
    /// A notification in a person's list.
    NotificationId
}
id! {
    /// An entry of the audit log.
    AuditId
}
id! {
    /// A running server process.
    NodeId
}
id! {
    /// The id that a client gives to something it creates, so that a retry is recognised; any UUID.
    ClientId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_moment_they_were_made() {
        let earlier = UserId::new(Timestamp::from_millis(1_000));
        let later = UserId::new(Timestamp::from_millis(2_000));
        assert!(earlier < later);
    }

    #[test]
    fn an_id_is_a_plain_uuid_string_on_the_wire() {
        let id: UserId = "0190163d-8694-739b-aea5-966c26f8ad91".parse().unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"0190163d-8694-739b-aea5-966c26f8ad91\"");
    }
}
