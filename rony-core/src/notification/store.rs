//! What is kept of notifications.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Cleared, DoNotDisturb, Notification};
use crate::{
    Result,
    id::{NotificationId, UserId},
    time::Timestamp,
};

/// Where a notification stands in a person's list: the open ones first, of each kind the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationKey {
    /// It is not open any more.
    pub cleared: bool,
    /// When it came.
    pub at: Timestamp,
    /// Its id.
    pub id: NotificationId,
}

impl NotificationKey {
    /// Where this one stands.
    #[must_use]
    pub const fn of(notification: &Notification) -> Self {
        Self { cleared: notification.cleared_at.is_some(), at: notification.at, id: notification.id }
    }
}

/// Notifications are to be cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearNotifications {
    /// Whose.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
    /// Which.
    pub which: Cleared,
}

/// The port for notifications. They are made where messages are projected and people are brought into conversations.
#[async_trait]
pub trait NotificationStore: Send + Sync {
    /// A person's notifications after `after`, `rows` at most: with the unread messages of their conversations that mention
    /// everybody, unless the conversation is muted or they want to be told of nothing.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all methods.
    async fn notifications(
        &self,
        user: UserId,
        after: Option<NotificationKey>,
        rows: i64,
    ) -> Result<Vec<Notification>>;

    /// Clears open notifications and tells the person's own stream. Answers which were open.
    async fn clear_notifications(&self, clear: &ClearNotifications) -> Result<Vec<NotificationId>>;

    /// Until when somebody does not want to be disturbed.
    async fn do_not_disturb(&self, user: UserId) -> Result<DoNotDisturb>;

    /// Says so, and tells the person's own stream unless it was so.
    async fn set_do_not_disturb(&self, user: UserId, at: Timestamp, wish: DoNotDisturb) -> Result<()>;
}
