//! What may be done with contacts.

use super::{AddContact, Contact, ContactChanges, ContactStore, SaveContact, types::Named};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    id::UserId,
    page::{Cursor, Limit, Page},
    time::Clock,
    user::UserStore,
    username::UsernameKey,
};

/// The name of the list in its cursors.
const LIST: &str = "contacts";

/// The use cases of contacts. Made by [`crate::Rony::contacts`].
pub struct Contacts<'r> {
    pub(crate) store: &'r dyn ContactStore,
    pub(crate) users: &'r dyn UserStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Contacts<'_> {
    /// The actor's contacts and whom they have blocked, in a stable order.
    ///
    /// # Errors
    ///
    /// For a cursor that this list did not make.
    pub async fn list(&self, actor: &Actor, limit: Limit, cursor: Option<&Cursor>) -> Result<Page<Contact>> {
        let owner = actor.user(Scope::Read)?;
        let after = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let rows = self.store.contacts(owner, after, limit.rows()).await?;
        Ok(Page::cut(rows, limit, LIST, |contact| contact.user_id))
    }

    /// Puts somebody in the actor's list. Who is in it already gets the changes, and nothing else happens.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is nobody with this name or id, deactivated accounts included; [`Error::Invalid`] for
    /// oneself and for texts that are too long.
    pub async fn add(&self, actor: &Actor, add: AddContact) -> Result<Contact> {
        let owner = actor.user(Scope::Profile)?;
        let (named, changes) = add.parse()?;
        let user = match named {
            Named::Id(id) => id,
            Named::Username(name) => self.user_named(name).await?,
        };
        let at = self.clock.now();
        self.store.save_contact(SaveContact { owner, user, at, list: true, changes }).await
    }

    /// Changes what the actor keeps of somebody. Blocking works for everybody, all else for those in the list or blocked;
    /// who is neither any more is forgotten.
    ///
    /// # Errors
    ///
    /// As [`Contacts::add`].
    pub async fn change(&self, actor: &Actor, user: UserId, changes: ContactChanges) -> Result<Contact> {
        let owner = actor.user(Scope::Profile)?;
        let (at, changes) = (self.clock.now(), changes.validate()?);
        self.store.save_contact(SaveContact { owner, user, at, list: false, changes }).await
    }

    /// Takes somebody out of the actor's list. A block stays.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when they are not in it.
    pub async fn remove(&self, actor: &Actor, user: UserId) -> Result<()> {
        self.store.remove_contact(actor.user(Scope::Profile)?, user, self.clock.now()).await
    }

    async fn user_named(&self, name: UsernameKey) -> Result<UserId> {
        let found = self.users.users_by_name(&[name]).await?;
        found.first().map(|(_, id)| *id).ok_or(Error::NotFound("user"))
    }
}
