//! What is kept of sessions, and of tries to sign in.

use async_trait::async_trait;

use super::limit::Charge;
use crate::{
    Result,
    actor::Scopes,
    audit::Entry,
    id::{RevocationId, SessionId, UserId},
    permission::ServerRole,
    secret::TokenHash,
    stream::Since,
    time::Timestamp,
};

/// What a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A device on which a person signed in.
    Device,
    /// A personal access token.
    Token,
}

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is.
    pub kind: Kind,
    /// What its owner calls it; may be empty for a device.
    pub name: String,
    /// What it may be used for: everything, for a device.
    pub scopes: Scopes,
    /// The address that it was last used from; may be empty.
    pub address: String,
    /// The program that it was last used by; may be empty.
    pub user_agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to within some minutes.
    pub last_used_at: Timestamp,
    /// When it ends however much it is used; `None`: never.
    pub expires_at: Option<Timestamp>,
}

/// A session together with what its owner is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The session.
    pub session: Kept,
    /// What the account may do on the server.
    pub role: ServerRole,
    /// Whether the account is deactivated.
    pub deactivated: bool,
}

/// A session that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// The session.
    pub session: Kept,
    /// What opens it.
    pub token: TokenHash,
}

/// On whose word sessions are made without a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The server's own.
    System,
    /// The person's own, who is signed in with this session (`None`: by an embedder's authentication). Makes nothing when
    /// that session has ended.
    Owner(Option<SessionId>),
    /// An administrator's, who is signed in with this session (`None`: as above); for bots only.
    Administrator(Option<SessionId>),
}

/// Which of somebody's sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// This one, if it is of that kind.
    One(Kind, SessionId),
    /// All devices, but this one.
    Devices {
        /// The one that stays.
        but: Option<SessionId>,
    },
    /// All devices and tokens, and the sockets of whoever an embedder's authentication let in.
    Everything,
}

/// What nodes must cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Its own id.
    pub id: RevocationId,
    /// Whose.
    pub user_id: UserId,
    /// Which session; `None`: the sockets without one.
    pub session_id: Option<SessionId>,
}

/// An answer to "what was revoked since".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocations {
    /// What was; some of it may have been in an earlier answer.
    pub items: Vec<Revocation>,
    /// From where to ask the next time.
    pub since: Since,
}

/// The port for sessions.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Makes sessions without a password, all or none: for owners that exist and are not deactivated. One person has up to
    /// [`super::MOST_DEVICES`] devices, beyond which the one that was not used for longest ends, and up to
    /// [`super::MOST_TOKENS`] tokens.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] without the owner, `Forbidden` for a deactivated one or what [`By`] does not allow,
    /// `Conflict` with code `too_many_tokens`.
    async fn begin(&self, sessions: &[NewSession], by: By, entry: &Entry) -> Result<()>;

    /// The session that a token opens, whether it is over or not. One indexed query.
    async fn opened_by(&self, token: &TokenHash) -> Result<Option<Held>>;

    /// The sessions with these ids, as far as they are there.
    async fn held(&self, ids: &[SessionId]) -> Result<Vec<Held>>;

    /// Somebody's sessions of a kind, newest first, after (older than) `after`.
    async fn sessions(
        &self,
        user: UserId,
        kind: Kind,
        after: Option<SessionId>,
        limit: i64,
    ) -> Result<Vec<Kept>>;

    /// Writes down that sessions were used, and from where if that is given; a moment of last use never goes back.
    async fn used(&self, ids: &[SessionId], at: Timestamp, from: Option<Whence<'_>>) -> Result<()>;

    /// Ends sessions for good, with a [`Revocation`] for each in the same transaction, and answers which. The entry is
    /// written when one did end.
    async fn end(
        &self,
        user: UserId,
        ending: Ending,
        at: Timestamp,
        entry: Option<&Entry>,
    ) -> Result<Vec<SessionId>>;

    /// What was revoked since; everything of the last day, for `Since(0)`. One indexed query.
    async fn revoked_since(&self, since: Since) -> Result<Revocations>;

    /// Removes what nobody needs any more: sessions that `expired`, reset links that ended and failed tries that are forgiven
    /// by then, and revocations from before `revoked_before`.
    async fn prune(&self, expired: Expired, revoked_before: Timestamp) -> Result<()>;
}

/// Where a session was used from. What is empty is not known: what was written before stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whence<'a> {
    /// The address.
    pub address: &'a str,
    /// The program.
    pub user_agent: &'a str,
}

/// Which sessions have expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expired {
    /// Those with an end that is not after this.
    pub now: Timestamp,
    /// Devices that were last used then or earlier.
    pub used_by: Timestamp,
    /// Devices whose person signed in then or earlier.
    pub created_by: Timestamp,
}

/// What a right password leads to.
#[derive(Clone, Debug)]
pub struct Welcome {
    /// The session that begins.
    pub session: NewSession,
    /// The hash that the password was compared with.
    pub proven: String,
    /// A hash of the same password that is made as hashes are made now, if `proven` is not.
    pub rehashed: Option<String>,
    /// The tries that it took.
    pub charges: Vec<Charge>,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// The port for signing in with a password.
#[async_trait]
pub trait SignInStore: Send + Sync {
    /// Whether a person has a device that was last used from `address`.
    async fn is_known(&self, user: UserId, address: &str) -> Result<bool>;

    /// Takes a try from each bucket, or none, as [`Charge::take`] says; and whether it was the last of one. Tries that
    /// come at once are counted one after the other.
    ///
    /// # Errors
    ///
    /// [`crate::Error::RateLimited`] when a bucket is empty.
    async fn charge(&self, charges: &[Charge], now: Timestamp) -> Result<bool>;

    /// Puts tries back: the password was right, or nobody looked at it.
    async fn give_back(&self, charges: &[Charge]) -> Result<()>;

    /// Begins a session, puts its tries back (all of them, where they are forgiven) and writes the new hash, if the
    /// account still has the password that was proven and is not deactivated; otherwise it answers false, and nothing
    /// happened.
    async fn welcome(&self, welcome: &Welcome) -> Result<bool>;
}
