//! Notifications: what concerns a person by name, kept until they have seen it.
//!
//! They are made of new messages after these were posted, by the job of [`projection`](crate::projection): for who is
//! mentioned by name, who is written to directly, and who is answered. Being added to a conversation makes one at once. What a
//! direct conversation or a followed thread has to say is one notification that counts, not many. Whoever reads up to a
//! message has seen what it notified of; so has who answers.
//!
//! A scheduled [`meeting`](crate::meeting) notifies those who are asked to it: there is one open notification about each meeting.
//!
//! `@all` is no notification of its own for each member: it is one row on the conversation, and the list shows it to whoever
//! has not read it yet. Nothing here holds text: a client shows the message, which its reader's own rights decide about.

mod rule;
mod service;
mod store;
mod types;

pub use rule::{Facts, MemberFacts, concerns};
pub use service::Notifications;
pub use store::{ClearNotifications, NotificationKey, NotificationStore};
pub use types::{Cleared, DoNotDisturb, Notification, NotificationEvent, NotificationKind, SetClear};
