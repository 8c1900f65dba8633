//! What may be done with the audit log: reading it.

use super::{AuditStore, Entry, Filter};
use crate::{
    Error, Result,
    actor::Actor,
    page::{Cursor, Limit, Page},
};

/// The list's name in its cursors.
const LIST: &str = "audit";

/// The use cases of the audit log. Made by [`crate::Rony::audit`].
pub struct Audit<'r> {
    pub(crate) store: &'r dyn AuditStore,
}

impl Audit<'_> {
    /// The entries that match `filter`, newest first; for administrators.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Forbidden`] for everybody else; [`crate::Error::Invalid`] for a cursor that this list did not give, and an
    /// action that is no name.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &Filter,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Entry>> {
        actor.administrator()?;
        if filter.action.as_deref().is_some_and(|action| !is_name(action)) {
            return Err(Error::invalid("action", "Write the name of an action, such as `user.created`."));
        }
        let before = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let entries = self.store.entries(filter, before, limit.rows()).await?;
        Ok(Page::cut(entries, limit, LIST, |entry| entry.id))
    }
}

/// Whether an action could be called so: what is no name may hold what a database does not take.
fn is_name(action: &str) -> bool {
    action.bytes().all(|byte| byte.is_ascii_lowercase() || b"._".contains(&byte))
}
