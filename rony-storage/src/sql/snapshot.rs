//! Snapshots on SQL: what the nouns read, on one transaction.

use std::{cmp::Reverse, collections::BTreeSet};

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    id::{ConversationId, UserId},
    message::Window,
    page::Limit,
    snapshot::{AsOf, ConversationSnapshot, PersonalSnapshot, SnapshotStore},
    stream::StreamId,
    time::Timestamp,
    user::UserSummary,
};
use sqlx::AssertSqlSafe;

use super::{
    SqlStore, contact, conversation, dialect::Dialect, draft, failed, member, message, notification, pin,
    place::standing, presence, stream::horizon, user, values,
};

/// Notifications that a personal snapshot lists.
const NOTIFICATIONS: i64 = 500;
/// Members that a conversation's snapshot lists.
const MEMBERS: i64 = 200;

#[async_trait]
impl<DB: Dialect> SnapshotStore for SqlStore<DB> {
    async fn personal(&self, user: UserId, now: Timestamp) -> Result<PersonalSnapshot> {
        let mut snapshot = self.snapshot().await?;
        let connection = &mut *snapshot;
        let since = horizon::<DB>(connection).await?;
        let mut conversations = conversation::views_after::<DB>(connection, user, None, i64::MAX).await?;
        conversations
            .sort_by_key(|view| Reverse(view.last_message.as_ref().map(|message| message.created_at)));
        let contacts = contact::list::<DB>(connection, user, None, i64::MAX).await?;
        let known = contacts.iter().map(|contact| contact.user_id);
        let known: BTreeSet<_> = known.chain(conversations.iter().filter_map(|view| view.peer_id)).collect();
        let mut me = user::profile::load::<DB>(connection, user).await?;
        me.user = me.user.shown_at(now);
        Ok(PersonalSnapshot {
            as_of: as_of::<DB>(connection, user.into()).await?,
            directory_as_of: as_of::<DB>(connection, StreamId::DIRECTORY).await?,
            since,
            me,
            people: summaries::<DB>(connection, known, now).await?,
            presence: presence::load::<DB>(connection, user).await?.own(now),
            do_not_disturb: notification::do_not_disturb::<DB>(connection, user).await?.at(now),
            notifications: notification::open::<DB>(connection, user, NOTIFICATIONS).await?,
            drafts: draft::all::<DB>(connection, user).await?,
            conversations,
            contacts,
        })
    }

    async fn conversation_snapshot(
        &self,
        reader: UserId,
        id: ConversationId,
        now: Timestamp,
    ) -> Result<ConversationSnapshot> {
        let mut snapshot = self.snapshot().await?;
        let connection = &mut *snapshot;
        let standing = standing::<DB>(connection, id, reader).await?;
        let whose = (reader, id, None);
        let messages =
            message::window_of::<DB>(connection, &standing, whose, Window::Newest, Limit::DEFAULT).await?;
        let view = conversation::views::<DB>(connection, reader, &[id]).await?.pop();
        let authors = messages.items.iter().map(|message| message.sender_id).collect();
        Ok(ConversationSnapshot {
            as_of: AsOf { stream: id.into(), seq: messages.as_of },
            conversation: view.ok_or(Error::NotFound("conversation"))?,
            members: member::list::<DB>(connection, id, None, MEMBERS).await?,
            pins: pin::read::<DB>(connection, reader, id).await?,
            people: summaries::<DB>(connection, authors, now).await?,
            messages,
        })
    }
}

/// Where a stream stands; 0 when nothing ever happened in it.
async fn as_of<DB: Dialect>(connection: &mut DB::Connection, stream: StreamId) -> Result<AsOf> {
    let head = sqlx::query_scalar::<DB, i64>("select head from rony_streams where id = $1")
        .bind(stream.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    Ok(AsOf { stream, seq: head.unwrap_or(0) })
}

/// What is needed to show these people, as shown at `now`.
async fn summaries<DB: Dialect>(
    connection: &mut DB::Connection,
    ids: BTreeSet<UserId>,
    now: Timestamp,
) -> Result<Vec<UserSummary>> {
    let ids: Vec<_> = ids.into_iter().collect();
    let mut people = Vec::with_capacity(ids.len());
    for ids in ids.chunks(values::MOST) {
        let sql = format!(
            "select {} from rony_users u where u.id in ({}) order by u.id",
            user::COLUMNS,
            values::list::<DB>(ids.len())
        );
        let query = values::padded(ids)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
        for row in query.fetch_all(&mut *connection).await.map_err(failed)? {
            people.push(user::read::<DB>(&row)?.shown_at(now).summary());
        }
    }
    Ok(people)
}
