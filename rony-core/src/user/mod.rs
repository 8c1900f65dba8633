//! Users: the accounts of people and bots, and what everybody may know of them.
//!
//! An account has a [`Username`](crate::username::Username) that nobody else has, in whatever spelling, and a role on the
//! server. A person's has a password; a bot's has none, it acts with tokens only. Accounts are never deleted, since what
//! they wrote stays: they are deactivated, which signs them out everywhere, and can be brought back.
//!
//! What changes about people goes to the directory stream ([`StreamId::DIRECTORY`](crate::stream::StreamId::DIRECTORY)) as
//! a [`UserSummary`]: what a client needs to show somebody's name anywhere.

mod service;
mod store;
mod types;

pub use service::Users;
pub use store::{Credentials, UserStore};
pub use types::{NewAccount, NewUser, User, UserEvent, UserSummary};
