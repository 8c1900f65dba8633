//! What is kept of users.

use async_trait::async_trait;

use super::{Administer, ChangeProfile, FoundUpTo, NewAccount, Picture, Profile, User};
use crate::{Result, id::UserId, permission::ServerRole, time::Timestamp, username::UsernameKey};

/// What signing in needs to know of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Whose they are.
    pub id: UserId,
    /// What they may do on the whole server.
    pub role: ServerRole,
    /// The hash of the password; `None` when they have none.
    pub password_hash: Option<String>,
    /// The account is switched off.
    pub deactivated: bool,
}

/// The port for users.
#[async_trait]
pub trait UserStore: Send + Sync {
    /// Makes an account with a stream of its own, puts it into General and whither it was invited, and tells everybody;
    /// uses its [`Admission`](super::Admission) up.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `username_taken` when somebody has the name in any spelling, with code
    /// `setup_done` when the setup link is not good any more, and what [`crate::invite::good`] says. For all methods: when the
    /// database is away.
    async fn create(&self, account: NewAccount) -> Result<User>;

    /// An account, deactivated or not.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when there is none with this id.
    async fn user(&self, id: UserId) -> Result<User>;

    /// The accounts with these usernames; those that do not exist are left out.
    async fn users_by_name(&self, names: &[UsernameKey]) -> Result<Vec<(UsernameKey, UserId)>>;

    /// The accounts whose [`search_text`](super::search_text) contains `part` (all, without one), in the order of that text
    /// and then of their ids, after `after`, `limit` at most; deactivated ones only if `deactivated`.
    async fn find(
        &self,
        part: Option<&str>,
        deactivated: bool,
        after: Option<&FoundUpTo>,
        limit: i64,
    ) -> Result<Vec<User>>;

    /// Applies what an administrator wants if [`super::administer`] says so, and tells the directory and the person's own
    /// stream. An account that is switched off is signed out everywhere, and its tokens end.
    async fn administer(&self, wish: &Administer) -> Result<User>;

    /// What signing in with this name needs; `None` when nobody has it.
    async fn credentials(&self, name: &UsernameKey) -> Result<Option<Credentials>>;
}

/// A picture as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Avatar {
    /// Its version: another picture of the same person has another one.
    pub version: i64,
    /// The picture.
    pub picture: Picture,
}

/// The port for what people say about themselves.
#[async_trait]
pub trait ProfileStore: Send + Sync {
    /// Somebody's own profile.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when there is no such account; so for all methods.
    async fn profile(&self, user: UserId) -> Result<Profile>;

    /// Applies a change, and tells the person's own stream, and the directory where the summary is another one.
    async fn change_profile(&self, change: &ChangeProfile) -> Result<Profile>;

    /// Sets the picture, or takes it away, and tells the person's own stream and the directory.
    async fn set_avatar(&self, user: UserId, at: Timestamp, picture: Option<&Picture>) -> Result<Profile>;

    /// The picture; [`crate::Error::NotFound`] when there is none.
    async fn avatar(&self, user: UserId) -> Result<Avatar>;
}
