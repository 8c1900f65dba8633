//! Sessions: the devices on which somebody is signed in, and personal access tokens for bots and scripts.
//!
//! Both are a random token of 256 bits, of which only a hash is kept, so whoever reads the database can sign in as nobody.
//! A device ends when it is not used for [`crate::Settings::session_idle`], and at the latest
//! [`crate::Settings::session_lifetime`] after the sign-in; a token ends when its maker said so, or never.
//!
//! **Signing in** costs an attacker time and tells them nothing: unknown names, accounts without a password and wrong
//! passwords are the same work and the same answer, and [`limit`] takes a try from the account and from the address
//! *before* the password is looked at, so that parallel tries cannot slip through.
//!
//! **Ending** a session removes its row, so that the next request with its token is refused wherever it arrives, and leaves
//! a note for all nodes in the same transaction: each asks for new notes twice a second ([`Sessions::poll_revocations`])
//! and closes the sockets, bus or no bus. On the node that did it they close at once.
//!
//! **The clock** may be wrong. A session that is seen to have expired is ended for good, so a clock that is set back does
//! not bring it to life again; a clock that runs ahead ends sessions too early. The moment of last use never goes back,
//! so between a use and an earlier "now" no time has passed.

mod follow;
mod gate;
pub mod limit;
mod outside;
mod rule;
mod service;
mod sign_in;
mod store;
mod tend;
mod token;
mod types;

pub(crate) use follow::Links;
pub use rule::{Owner, may_begin};
pub use service::Sessions;
pub(crate) use service::State;
pub use store::{
    By, Ending, Expired, Held, Kept, Kind, NewSession, Revocation, Revocations, SessionStore, SignInStore,
    Welcome, Whence,
};
pub use types::{AccessToken, Caller, NewToken, Session, SignIn, SignedIn, TokenMade};

/// How many devices one person can be signed in on. One more, and the one that was not used for longest is signed out.
pub const MOST_DEVICES: i64 = 100;
/// How many tokens one person can have.
pub const MOST_TOKENS: i64 = 100;
/// The longest name of a device or token, in characters.
const NAME: usize = 64;
