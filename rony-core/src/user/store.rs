//! What is kept of users.

use async_trait::async_trait;

use crate::{Result, id::UserId, username::UsernameKey};

/// The port for users.
#[async_trait]
pub trait UserStore: Send + Sync {
    /// The accounts with these usernames; those that do not exist are left out.
    async fn users_by_name(&self, names: &[UsernameKey]) -> Result<Vec<(UsernameKey, UserId)>>;
}
