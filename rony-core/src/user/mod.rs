//! Users: the accounts of people and bots, and what everybody may know of them.
//!
//! An account has a [`Username`](crate::username::Username) that nobody else has, in whatever spelling, and a role on the
//! server. A person's has a password; a bot's has none, it acts with tokens only. Accounts are never deleted, since what
//! they wrote stays: they are deactivated, which signs them out everywhere, and can be brought back.
//!
//! What changes about people goes to the directory stream ([`StreamId::DIRECTORY`](crate::stream::StreamId::DIRECTORY)) as
//! a [`UserSummary`]: what a client needs to show somebody's name anywhere. The rest of a profile, telephone and e-mail
//! included, is there for everybody who is signed in and asks: an installation is one organisation, whose people are to
//! reach each other. A client hides a status text whose end has come; where it is asked for, it is gone.

mod administer;
mod find;
mod picture;
mod profile;
mod service;
mod store;
mod types;

pub use administer::{AccountChange, Administer, administer};
pub use find::{FindUsers, FoundUpTo, search_part, search_text};
pub use picture::{PICTURE_LIMIT, Picture, PictureKind};
pub(crate) use profile::STATUS_LIMIT;
pub use profile::{ChangeProfile, LastSeenPrivacy, Profile, ProfileChange, ProfileEvent};
pub use service::{Profiles, Users};
pub use store::{Avatar, Credentials, ProfileStore, UserStore};
pub use types::{Admission, NewAccount, NewUser, User, UserEvent, UserSummary};
