//! Shares: links that open a file or a folder to whoever holds them, with an account or without.
//!
//! A link may end, may want a password, and may be good for a number of downloads only. With level `drop` it is a letter box: its
//! holders put files in and see nothing. It is as good as the one who made it: when they may not share the item any more (because it
//! was taken from them, is in the trash, or their account was switched off), nor does what they handed out.
//!
//! To open a link ([`Shares::open`]) gives a **pass**, which lasts an hour and makes its holder an [`Actor`](crate::actor::Actor) of its
//! own kind ([`Shares::holder`]): it sees the item and what lies below, and nothing else. The link is looked at anew each time, so
//! what is revoked or over is so at once. A **ticket** ([`Shares::ticket`]) is one download's address, which works without further asking for
//! some minutes; where downloads are counted it is what counts, and of two who ask for the last one at once one gets it.
//!
//! Of all tokens only hashes are kept. What is not known for sure is refused.

mod change;
mod rule;
mod service;
mod store;
mod types;

pub use rule::{MOST_SHARES, Offer, good, live, may_change, may_make, takes};
pub use service::Shares;
pub use store::{
    AddShare, AddTicket, ChangeShare, KeptTicket, ListOpenings, ListShares, OpenShare, RevokeShare,
    ShareStore, TicketHolder,
};
pub use types::{NewShare, Opened, Opening, Share, ShareChange, ShareMade, SharedView, Ticket, shortened};
