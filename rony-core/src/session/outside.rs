//! People whom an embedder's own authentication has established.

use super::{Sessions, service::deactivated};
use crate::{
    Error, Result,
    actor::{Actor, Trusted},
    id::UserId,
    user::{NewUser, User, Users},
    username::{DisplayName, Username},
};

impl Sessions<'_> {
    /// The actor for an account that the embedder knows by its id.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for everybody but the server itself (`Actor::trusted(Trusted::System)`), [`Error::NotFound`]
    /// when there is no such account, [`Error::Unauthenticated`] when it is deactivated.
    pub async fn vouch_for(&self, system: &Actor, user: UserId) -> Result<Actor> {
        only_system(system)?;
        let user = self.users.user(user).await?;
        act(&user)
    }

    /// The actor for somebody whom the embedder knows by name. Their account is made when they come for the first time,
    /// without a password. Names must be the same letter by letter: who looks like somebody else is not let in as them.
    ///
    /// # Errors
    ///
    /// As [`Sessions::vouch_for`]; [`Error::Conflict`] with code `username_taken` when somebody has a name that looks the
    /// same.
    pub async fn vouch_for_name(
        &self,
        system: &Actor,
        username: &Username,
        display_name: Option<DisplayName>,
    ) -> Result<Actor> {
        only_system(system)?;
        if let Some(user) = self.named(username).await? {
            return act(&user);
        }
        let new = NewUser { display_name, ..NewUser::named(username.clone()) };
        let users = Users { store: self.users, hasher: self.hasher, clock: self.clock };
        match users.create(system, new).await {
            Ok(user) => act(&user),
            // Two requests of theirs came at once, or somebody looks like them.
            Err(error) => act(&self.named(username).await?.ok_or(error)?),
        }
    }

    async fn named(&self, username: &Username) -> Result<Option<User>> {
        let found = self.users.users_by_name(&[username.key()]).await?;
        let Some((_, id)) = found.first() else { return Ok(None) };
        let user = self.users.user(*id).await?;
        Ok(Some(user).filter(|user| user.username == *username))
    }
}

/// Refuses everybody but the server itself.
pub(super) fn only_system(actor: &Actor) -> Result<()> {
    match actor.administrator()? {
        None => Ok(()),
        Some(_) => Err(Error::forbidden("system_only", "Only the server itself can sign other people in.")),
    }
}

fn act(user: &User) -> Result<Actor> {
    match user.deactivated_at {
        Some(_) => Err(deactivated()),
        None => Ok(Actor::trusted(Trusted::User(user.id, user.role))),
    }
}
