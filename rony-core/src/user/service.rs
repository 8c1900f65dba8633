//! What may be done with users.

use super::{NewAccount, NewUser, User, UserStore};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    audit::Entry,
    id::UserId,
    password::{self, PasswordHasher},
    time::Clock,
    username::DisplayName,
};

/// The use cases of users. Made by [`crate::Rony::users`].
pub struct Users<'r> {
    pub(crate) store: &'r dyn UserStore,
    pub(crate) hasher: &'r dyn PasswordHasher,
    pub(crate) clock: &'r dyn Clock,
}

impl Users<'_> {
    /// Makes an account; for administrators. Bots are made here and nowhere else.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for who is no administrator, [`Error::Invalid`] for a password that is none or that a bot
    /// would have, [`Error::Conflict`] with code `username_taken`.
    pub async fn create(&self, actor: &Actor, new: NewUser) -> Result<User> {
        actor.administrator()?;
        if new.bot && new.password.is_some() {
            return Err(Error::invalid("password", "A bot has no password: make it a token instead."));
        }
        let password_hash = match new.password {
            Some(password) => {
                password::check(&password, &new.username)?;
                Some(self.hasher.hash(password).await?)
            }
            None => None,
        };
        let at = self.clock.now();
        let id = UserId::new(at);
        let entry = Entry::new(at, "user.created").by(actor).to(id).with("username", new.username.as_str());
        let display_name = new.display_name.unwrap_or_else(|| DisplayName::from(&new.username));
        let NewUser { username, role, bot, .. } = new;
        self.store
            .create(NewAccount { id, at, username, display_name, password_hash, role, bot, entry })
            .await
    }

    /// Somebody, as everybody who is signed in may see them; deactivated accounts too, since what they wrote stays.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is none with this id.
    pub async fn get(&self, actor: &Actor, id: UserId) -> Result<User> {
        actor.user(Scope::Read)?;
        self.store.user(id).await
    }
}
