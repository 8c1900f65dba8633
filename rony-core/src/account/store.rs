//! What is kept of setup links, passwords and reset links.

use async_trait::async_trait;

use crate::{
    Result,
    audit::Entry,
    id::{SessionId, UserId},
    secret::TokenHash,
    time::Timestamp,
    user::User,
};

/// A password on its way into the store.
#[derive(Clone, Debug)]
pub struct SetPassword {
    /// Whose.
    pub user_id: UserId,
    /// The hash of the password that they have shown to know.
    pub proven: String,
    /// The hash of the new one.
    pub hash: String,
    /// The session that stays; all other devices are signed out.
    pub but: Option<SessionId>,
    /// When.
    pub at: Timestamp,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// A reset link on its way into the store.
#[derive(Clone, Debug)]
pub struct NewReset {
    /// For whom.
    pub user_id: UserId,
    /// What opens it.
    pub token: TokenHash,
    /// When it is made.
    pub at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// A reset link as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// For whom it is.
    pub user: User,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A reset link is followed.
#[derive(Clone, Debug)]
pub struct UseReset {
    /// What opens it.
    pub token: TokenHash,
    /// The hash of the new password.
    pub hash: String,
    /// When.
    pub at: Timestamp,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// The port for setup links, passwords and reset links.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Keeps the hash of the setup link in place of an earlier one, if there is no administrator; answers whether that is
    /// so.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all methods.
    async fn offer_setup(&self, token: &TokenHash, at: Timestamp) -> Result<bool>;

    /// Whether this is the setup link, and there still is no administrator.
    async fn is_setup(&self, token: &TokenHash) -> Result<bool>;

    /// Sets a password if the one that was proven still holds, signs the person's other devices out, and ends their reset
    /// links; otherwise it answers false, and nothing happened.
    async fn set_password(&self, set: &SetPassword) -> Result<bool>;

    /// Keeps a reset link; earlier ones of the same person end.
    ///
    /// # Errors
    ///
    /// What [`super::may_reset`] says.
    async fn add_reset(&self, reset: &NewReset) -> Result<()>;

    /// What a token opens, whether or not it has ended; `None`: nothing.
    async fn reset(&self, token: &TokenHash) -> Result<Option<Reset>>;

    /// Sets the password of the person whose link this is, ends all links of theirs, signs them out everywhere and ends
    /// their tokens. Of two who follow a link at once one succeeds.
    ///
    /// # Errors
    ///
    /// What [`super::may_reset`] says, and [`super::reset_used`] when the token opens nothing (any more) or has ended.
    async fn use_reset(&self, reset: &UseReset) -> Result<User>;
}
