//! What is kept of users.

use async_trait::async_trait;

use super::{NewAccount, User};
use crate::{Result, id::UserId, permission::ServerRole, username::UsernameKey};

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
    /// Makes an account with a stream of its own, and tells the directory.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `username_taken` when somebody has the name in any spelling. For all methods:
    /// when the database is away.
    async fn create(&self, account: NewAccount) -> Result<User>;

    /// An account, deactivated or not.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when there is none with this id.
    async fn user(&self, id: UserId) -> Result<User>;

    /// The accounts with these usernames; those that do not exist are left out.
    async fn users_by_name(&self, names: &[UsernameKey]) -> Result<Vec<(UsernameKey, UserId)>>;

    /// What signing in with this name needs; `None` when nobody has it.
    async fn credentials(&self, name: &UsernameKey) -> Result<Option<Credentials>>;
}
