//! Files: what people keep, in folders, each person in a drive of their own, and what they share of it.
//!
//! An [`Item`] is a file or a folder. It belongs to the drive of one person for ever; what is in somebody else's drive is copied,
//! never moved. A drive has no row for its root: what lies at the top has no parent.
//!
//! **Who may do what** follows from the item and from what it lies in, and from nothing else: its owner may all; a grant to a person, or to a
//! conversation, holds for the item and all below; a file that is attached to a message may be seen by whoever sees the message; a
//! link opens what it leads to. That is a [`Sight`], asked anew each time, and [`may`] is the rule of what follows. Lists and searches
//! carry the same question in their SQL. What one may not see is not there.
//!
//! **The trash** hides the item on top of what was thrown away, and with it all below. What is deleted for good is gone at once, and its bytes
//! a little later: a job ([`Files::collect`]) removes what lay below in small steps, leaves first, and can be cut at any.
//!
//! **Versions.** A file's content is a [`Blob`](crate::id::BlobId) that never changes: to replace it makes a new version, and the
//! replaced ones are kept for a while. Copies share blobs, which are counted.

mod input;
mod name;
mod rule;
mod service;
mod store;
mod types;

pub use input::{
    CopyItem, FileKind, IfExists, ItemChange, ListItems, Listing, NewFolder, Query, Sort, SortBy, SortKey,
};
pub use name::{FileName, FileNameError};
pub(crate) use rule::no_room;
pub use rule::{
    Deed, DriveUse, Known, MOST_COPIED, MOST_DEPTH, MOST_GRANTS, MOST_VERSIONS_LISTED, Sight, fits, may,
    may_attach, may_grant, may_make_folders, may_move, when_taken,
};
pub use service::Files;
pub use store::{
    AddFile, By, DriveStore, FileStore, GrantStore, GrantTo, Limits, ListRows, Made, Purge, TrashStore,
    VersionStore,
};
pub use types::{
    Content, Crumb, Drive, FileEvent, Grant, GrantEvent, Item, ItemKind, ItemView, Level, Preview,
    PreviewState, Subject, SubjectKind, Version,
};

pub use crate::actor::{LinkLevel, Reader};
