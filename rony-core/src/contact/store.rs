//! What is kept of contacts.

use async_trait::async_trait;

use super::{Contact, ContactChanges};
use crate::{Error, Result, id::UserId, time::Timestamp};

/// Contacts and blocks that a person can have.
pub(super) const MOST: i64 = 5_000;

/// A contact is to be made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveContact {
    /// Whose.
    pub owner: UserId,
    /// Whom it is about.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
    /// Puts them in the list, if they are not.
    pub list: bool,
    /// What else changes.
    pub changes: ContactChanges,
}

/// What is true when a contact is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveFacts {
    /// What there is of it: somebody in the list or blocked.
    pub existing: Option<Contact>,
    /// There is such an account, and it is not deactivated.
    pub known: bool,
    /// Contacts and blocks that the owner has.
    pub count: i64,
}

impl SaveContact {
    /// What becomes of the contact; it may be neither in the list nor blocked any more.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is nobody to add or nothing to change, [`Error::Invalid`] for oneself,
    /// [`Error::Conflict`] with code `too_many_contacts`.
    pub fn decide(&self, facts: SaveFacts) -> Result<Contact> {
        if self.user == self.owner {
            return Err(Error::invalid("user_id", "This is you: choose somebody else."));
        }
        let mut contact = match facts.existing {
            Some(contact) => contact,
            None if !self.list && self.changes.blocked != Some(true) => {
                return Err(Error::NotFound("contact"));
            }
            // Somebody who is gone cannot be told from somebody who never was.
            None if !facts.known => return Err(Error::NotFound("user")),
            None if facts.count >= MOST => {
                let detail = format!("There is room for {MOST} contacts: remove some first.");
                return Err(Error::conflict("too_many_contacts", detail));
            }
            None => Contact {
                user_id: self.user,
                listed: false,
                favorite: false,
                groups: Vec::new(),
                nickname: String::new(),
                note: String::new(),
                blocked: false,
                created_at: self.at,
            },
        };
        contact.listed |= self.list;
        self.changes.apply(&mut contact);
        Ok(contact)
    }
}

/// What one person is to another, as presence needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Relation {
    /// Whose contact it is.
    pub owner: UserId,
    /// Whom it is about.
    pub user: UserId,
    /// `user` is in the list of `owner`.
    pub listed: bool,
    /// `owner` has blocked `user`.
    pub blocked: bool,
}

/// The port for contacts.
#[async_trait]
pub trait ContactStore: Send + Sync {
    /// The contacts and blocks of `owner`, in the order of the other person's id, after `after`; `limit` rows at most.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all methods.
    async fn contacts(&self, owner: UserId, after: Option<UserId>, limit: i64) -> Result<Vec<Contact>>;

    /// Does what [`SaveContact::decide`] says, and tells the owner's own stream unless nothing changed. Who is neither in the
    /// list nor blocked is forgotten.
    async fn save_contact(&self, save: SaveContact) -> Result<Contact>;

    /// Takes somebody out of the list, with all that was noted about them; a block stays. [`crate::Error::NotFound`] when
    /// they are not in the list.
    async fn remove_contact(&self, owner: UserId, user: UserId, at: Timestamp) -> Result<()>;

    /// Everybody whom `user` keeps in the list or has blocked, and everybody who does so with `user`.
    async fn relations(&self, user: UserId) -> Result<Vec<Relation>>;
}
