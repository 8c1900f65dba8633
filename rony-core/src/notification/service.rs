//! What may be done with notifications.

use super::{ClearNotifications, DoNotDisturb, Notification, NotificationKey, NotificationStore, SetClear};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    id::NotificationId,
    page::{Cursor, Limit, Page},
    time::Clock,
};

/// The name of the list in its cursors.
const LIST: &str = "notifications";

/// The use cases of notifications. Made by [`crate::Rony::notifications`].
pub struct Notifications<'r> {
    pub(crate) store: &'r dyn NotificationStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Notifications<'_> {
    /// The actor's notifications: the open ones first, each time the newest first.
    ///
    /// # Errors
    ///
    /// For a cursor that this list did not make.
    pub async fn list(
        &self,
        actor: &Actor,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Notification>> {
        let user = actor.user(Scope::Read)?;
        let after = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let rows = self.store.notifications(user, after, limit.rows()).await?;
        Ok(Page::cut(rows, limit, LIST, NotificationKey::of))
    }

    /// Clears open notifications, on all devices. Answers which were open.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] when it is said in more than one way which, and for more than 500 ids.
    pub async fn clear(&self, actor: &Actor, clear: SetClear) -> Result<Vec<NotificationId>> {
        let user = actor.user(Scope::Profile)?;
        let at = self.clock.now();
        let which = clear.parse()?;
        self.store.clear_notifications(&ClearNotifications { user, at, which }).await
    }

    /// Until when the actor does not want to be disturbed.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn do_not_disturb(&self, actor: &Actor) -> Result<DoNotDisturb> {
        let wish = self.store.do_not_disturb(actor.user(Scope::Read)?).await?;
        Ok(wish.at(self.clock.now()))
    }

    /// Leaves the actor in peace until then: notifications come, and are quiet.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a moment in the past.
    pub async fn set_do_not_disturb(&self, actor: &Actor, wish: DoNotDisturb) -> Result<DoNotDisturb> {
        let user = actor.user(Scope::Profile)?;
        let at = self.clock.now();
        if wish.until.is_some_and(|until| until <= at) {
            return Err(Error::invalid("until", "This is in the past: give a time that is still to come."));
        }
        self.store.set_do_not_disturb(user, at, wish).await?;
        Ok(wish)
    }
}
