//! Making notifications of new messages, a batch at a time: a few queries, whatever the number of messages.
//!
//! Whom a batch may concern is read first, their own streams are locked, and only then is read what decides: so whoever
//! leaves, reads, blocks or mutes at the same moment has done so either before or after.

use std::collections::BTreeMap;

use rony_core::{
    Result,
    id::{NotificationId, UserId},
    message::Message,
    notification::{Notification, NotificationEvent, NotificationKind},
    stream::{NewEvent, StreamId},
    time::Timestamp,
};
use uuid::Uuid;

use super::{known::Known, reasons::Reasons, row, tell_cleared};
use crate::sql::{change::Change, dialect::Dialect};

/// Notifies people of messages that were not projected before, in the order of their streams. Locks the people's own streams,
/// so the change has locked none; they are all that it may append to.
pub(crate) async fn project<DB: Dialect>(change: &mut Change<'_, DB>, messages: &[Message]) -> Result<()> {
    let reasons = Reasons::read::<DB>(change.connection(), messages).await?;
    let people = reasons.people();
    if people.is_empty() {
        return Ok(());
    }
    change.lock(people.iter().map(|user| StreamId::from(*user))).await?;
    let known = Known::read::<DB>(change.connection(), messages, &reasons).await?;
    let mut notices = Notices::new(change.at(), &known.open);
    for (message, reasons) in messages.iter().zip(&reasons.of) {
        notices.author_has_seen(message);
        for (user, reason) in reasons {
            if let Some(kind) = known.concerns(message, *user, *reason) {
                notices.add(*user, kind, message, known.is_left_in_peace(*user, message));
            }
        }
    }
    notices.write(change).await
}

/// A notification, and what is to be done about it.
struct Notice {
    notification: Notification,
    /// It is to be written and told.
    news: bool,
    /// There is no row of it yet.
    is_new: bool,
}

/// People's open notifications, as the batch goes over them.
struct Notices {
    at: Timestamp,
    all: BTreeMap<(UserId, NotificationId), Notice>,
}

impl Notices {
    fn new(at: Timestamp, open: &[(UserId, Notification)]) -> Self {
        let notice = |it: &Notification| Notice { notification: it.clone(), news: false, is_new: false };
        Self { at, all: open.iter().map(|(user, it)| ((*user, it.id), notice(it))).collect() }
    }

    fn of(&mut self, user: UserId) -> impl Iterator<Item = &mut Notice> {
        let (first, last) = (NotificationId(Uuid::nil()), NotificationId(Uuid::max()));
        self.all.range_mut((user, first)..=(user, last)).map(|(_, notice)| notice)
    }

    /// Who writes has seen what came before, without a mark of its own.
    fn author_has_seen(&mut self, message: &Message) {
        let at = self.at;
        let ordinal = ordinal(message);
        for notice in self.of(message.sender_id) {
            let it = &mut notice.notification;
            let is_before = it.conversation_id == Some(message.conversation_id)
                && it.thread_id == message.thread_id
                && it.ordinal <= ordinal;
            if is_before && it.cleared_at.is_none() {
                it.cleared_at = Some(at);
                notice.news = true;
            }
        }
    }

    fn add(&mut self, user: UserId, kind: NotificationKind, message: &Message, quiet: bool) {
        let mut notification = Notification {
            id: NotificationId::new(message.created_at),
            kind,
            conversation_id: Some(message.conversation_id),
            meeting_id: None,
            thread_id: message.thread_id,
            message_id: Some(message.id),
            seq: message.seq,
            ordinal: ordinal(message),
            all: false,
            actor_id: Some(message.sender_id),
            count: 1,
            quiet,
            at: message.created_at,
            cleared_at: None,
        };
        if let Some(notice) = self.of(user).find(|notice| counts(&notice.notification, &notification)) {
            notification.id = notice.notification.id;
            notification.count += notice.notification.count;
            (notice.notification, notice.news) = (notification, true);
            return;
        }
        let notice = Notice { notification, news: true, is_new: true };
        self.all.insert((user, notice.notification.id), notice);
    }

    async fn write<DB: Dialect>(self, change: &mut Change<'_, DB>) -> Result<()> {
        let news = self.all.into_iter().filter(|(_, notice)| notice.news);
        // What came and went within the batch was never there.
        let news = news.filter(|(_, notice)| !(notice.is_new && notice.notification.cleared_at.is_some()));
        let (open, cleared): (Vec<_>, Vec<_>) = news
            .map(|((user, _), notice)| (user, notice.notification))
            .partition(|(_, notification)| notification.cleared_at.is_none());
        // First what makes room for others: of some kinds there is one open row at most.
        row::write(change, &cleared).await?;
        row::write(change, &open).await?;
        for cleared in cleared.chunk_by(|(one, _), (other, _)| one == other) {
            let ids: Vec<_> = cleared.iter().map(|(_, notification)| notification.id).collect();
            tell_cleared(change, cleared[0].0, &ids);
        }
        for (user, notification) in open {
            change.append(user, NewEvent::new(&NotificationEvent::Added { notification }), None);
        }
        Ok(())
    }
}

/// The number up to which somebody reads to have seen a message.
const fn ordinal(message: &Message) -> i64 {
    if message.thread_id.is_some() { message.thread_ordinal } else { message.ordinal }
}

/// Whether an open notification stands for a new one, too.
fn counts(open: &Notification, new: &Notification) -> bool {
    let same = match new.kind {
        NotificationKind::Direct => open.conversation_id == new.conversation_id,
        NotificationKind::Reply => new.thread_id.is_some() && open.thread_id == new.thread_id,
        _ => false,
    };
    same && open.kind == new.kind && open.cleared_at.is_none()
}
