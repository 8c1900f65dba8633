//! Invites: links that let somebody in, into the organisation and into one of its conversations.
//!
//! Who is new makes an account with one, who has an account joins the conversation with it. An invite may end, may be good
//! for a number of people only, and may be revoked. It is as good as the one who made it: when they may not invite any more
//! (because their account was switched off, or they are out of the conversation), nor does what they handed out.
//!
//! The link's token is shown once, to who makes it; only a hash is kept.

mod rule;
mod service;
mod store;
mod types;

pub use rule::{Maker, Offer, good, may_make};
pub use service::Invites;
pub(crate) use service::parse;
pub use store::{Accept, AddInvite, InviteStore, ListInvites, RevokeInvite};
pub use types::{Invite, InviteMade, InvitePreview, InvitedTo, NewInvite};
