//! What a file is, and the events of files and grants.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::FileName;
use crate::{
    id::{BlobId, ConversationId, ItemId, UserId},
    stream::EventBody,
    time::Timestamp,
};

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// It holds other items.
    Folder,
    /// It has content.
    File,
}

/// What somebody may do with an item and all below; a later one may all that an earlier one may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FileLevel))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// See, download, copy into the own drive.
    Viewer,
    /// Also rename, put in, replace, move, throw into the trash, bring a version back.
    Editor,
    /// Also share: with people, conversations, by links and in messages.
    Manager,
    /// It is theirs: also restore from the trash and delete for good.
    Owner,
}

/// Whether there is a small picture of a file's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PreviewState {
    /// There is none, and none will be.
    None,
    /// It is being made.
    Waiting,
    /// It is there.
    Ready,
}

/// A file or a folder, as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// In whose drive it is.
    pub owner_id: UserId,
    /// The folder that it lies in; `null`: at the top of the drive, or in a folder that the reader does not see.
    pub parent_id: Option<ItemId>,
    /// What it is.
    pub kind: ItemKind,
    /// What it is called.
    pub name: FileName,
    /// An emoji; may be empty.
    pub icon: String,
    /// A colour's name; may be empty.
    pub color: String,
    /// The media type of the content (`image/png`); empty for folders.
    pub media_type: String,
    /// Bytes of the content; 0 for folders.
    pub size: i64,
    /// SHA-256 of the content in hexadecimal digits; `null` for folders.
    pub sha256: Option<String>,
    /// The number of the content, from 1; 0 for folders.
    pub version: i64,
    /// Pixels from left to right, of pictures that were looked at.
    pub width: Option<i64>,
    /// Pixels from top to bottom.
    pub height: Option<i64>,
    /// Whether there is a small picture of it.
    pub preview: PreviewState,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom; `null`: by somebody with a link.
    pub created_by: Option<UserId>,
    /// When its content was last changed, as whoever put it in says.
    pub modified_at: Timestamp,
    /// By whom; `null`: by somebody with a link.
    pub modified_by: Option<UserId>,
    /// When it was thrown into the trash.
    pub trashed_at: Option<Timestamp>,
    /// The reader marked it with a star.
    pub starred: bool,
    /// What the reader may do with it.
    pub level: Level,
    /// It is shared by itself: with a person, a conversation, or by a link.
    pub shared: bool,
}

/// A folder above an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Crumb {
    /// Its id.
    pub id: ItemId,
    /// What it is called.
    pub name: FileName,
}

/// An item and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemView {
    /// The item.
    pub item: Item,
    /// The folders above it that the reader sees, the topmost first, itself not among them.
    pub path: Vec<Crumb>,
}

/// A content that a file has or had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// Its number, from 1.
    pub version: i64,
    /// Its bytes.
    pub size: i64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// Its media type.
    pub media_type: String,
    /// When it was put in.
    pub created_at: Timestamp,
    /// By whom; `null`: by somebody with a link.
    pub created_by: Option<UserId>,
    /// It is what the file holds now.
    pub current: bool,
}

/// What to send to somebody who downloads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Of which file.
    pub item_id: ItemId,
    /// Where the bytes are.
    pub blob: BlobId,
    /// The name to save them under.
    pub name: FileName,
    /// Their media type, as whoever put them in said: nothing to trust.
    pub media_type: String,
    /// How many they are.
    pub size: i64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// When they were last changed.
    pub modified_at: Timestamp,
    /// The number of the content.
    pub version: i64,
}

/// The small picture of a file's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Of which blob.
    pub blob: BlobId,
    /// Whether it is there.
    pub state: PreviewState,
    /// Pixels of the whole picture from left to right.
    pub width: Option<i64>,
    /// Pixels of the whole picture from top to bottom.
    pub height: Option<i64>,
}

/// What kind of somebody a grant is to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A person.
    Person,
    /// All members that a conversation has at the time.
    Conversation,
}

/// With whom something is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Subject {
    /// A person.
    Person(UserId),
    /// All members that a conversation has at the time.
    Conversation(ConversationId),
}

impl Subject {
    /// A subject by its kind and id.
    #[must_use]
    pub const fn new(kind: SubjectKind, id: Uuid) -> Self {
        match kind {
            SubjectKind::Person => Self::Person(UserId(id)),
            SubjectKind::Conversation => Self::Conversation(ConversationId(id)),
        }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(self) -> SubjectKind {
        match self {
            Self::Person(_) => SubjectKind::Person,
            Self::Conversation(_) => SubjectKind::Conversation,
        }
    }

    /// Its id, which is also that of its stream.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Person(id) => id.0,
            Self::Conversation(id) => id.0,
        }
    }
}

/// What is shared with somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grant {
    /// Where it was given: the item that was asked about, or a folder above it.
    pub file_id: ItemId,
    /// To whom.
    pub subject: Subject,
    /// What they are called; empty for a conversation without a title, and for one that the reader is not in.
    pub name: String,
    /// What they may do.
    pub level: Level,
    /// Who gave it.
    pub granted_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// How full a drive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Drive {
    /// Bytes of all versions of all files, those in the trash too.
    pub used: i64,
    /// Bytes that uploads on their way will need.
    pub reserved: i64,
    /// The most bytes; `null`: no limit.
    pub quota: Option<i64>,
    /// Of `used`, what is in the trash.
    pub trash: i64,
}

/// What happens in a drive, told in its owner's own stream; a star, in the stream of who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum FileEvent {
    /// An item was made, changed, moved, replaced, shared, thrown away, restored or deleted.
    #[serde(rename = "file.changed")]
    Changed {
        /// Which.
        file_id: ItemId,
        /// The folder whose list is another one by that; `null`: the top of the drive.
        parent_id: Option<ItemId>,
    },
}

impl EventBody for FileEvent {}

/// What is shared with whoever reads the stream: a person's own, or a conversation's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum GrantEvent {
    /// Something is shared with them, or with another level than before.
    #[serde(rename = "grant.added")]
    Added {
        /// What.
        file_id: ItemId,
        /// What they may do with it.
        level: Level,
    },
    /// It is not any more.
    #[serde(rename = "grant.removed")]
    Removed {
        /// What.
        file_id: ItemId,
    },
}

impl EventBody for GrantEvent {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_says_what_it_is() {
        let subject = Subject::new(SubjectKind::Conversation, Uuid::from_u128(3));
        let json = serde_json::to_string(&subject).unwrap();
        assert_eq!(json, r#"{"kind":"conversation","id":"00000000-0000-0000-0000-000000000003"}"#);
        assert_eq!(serde_json::from_str::<Subject>(&json).unwrap(), subject);
    }

    #[test]
    fn a_later_level_may_more() {
        assert!(
            Level::Viewer < Level::Editor && Level::Editor < Level::Manager && Level::Manager < Level::Owner
        );
    }
}
