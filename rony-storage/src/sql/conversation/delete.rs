//! Deleting a conversation: nothing that was written in it stays, and its stream ends with the event that says so.

use std::collections::HashSet;

use rony_core::{
    Error, Result,
    conversation::{ConversationEvent, DeleteConversation, may_delete_conversation},
    id::{ConversationId, UserId},
    stream::{AudienceChange, NewEvent, StreamId},
};
use sqlx::Row;

use super::row::{Site, site};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed};

/// How often somebody else may join between the reading of the members and the locks before we give up.
const TRIES: usize = 5;

pub(super) async fn delete<DB: Dialect>(store: &SqlStore<DB>, delete: DeleteConversation) -> Result<()> {
    let DeleteConversation { id, user_id, at } = delete;
    for _ in 0..TRIES {
        let mut change = store.change(at).await?;
        // All streams are locked at once, so the members are read before, and again behind the locks.
        let expected = members(&mut change, id).await?;
        let own = expected.iter().map(|user| StreamId::from(*user));
        change.lock(own.chain([id.into()])).await?;
        let Site { conversation, place, .. } = site::<DB>(change.connection(), id, user_id).await?;
        may_delete_conversation(place, conversation.general)?;
        let members = members(&mut change, id).await?;
        let locked: HashSet<_> = expected.into_iter().collect();
        if members.iter().all(|user| locked.contains(user)) {
            return remove(change, id, user_id, members).await;
        }
    }
    Err(Error::unavailable(
        "Too many people are joining this conversation at the moment. Try again.",
        "the members changed between reading and locking, each time",
    ))
}

async fn members<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
) -> Result<Vec<UserId>> {
    let rows = sqlx::query::<DB>("select user_id from rony_members where conversation_id = $1")
        .bind(conversation.uuid())
        .fetch_all(change.connection())
        .await
        .map_err(failed)?;
    Ok(rows.iter().map(|row| UserId(row.get(0))).collect())
}

async fn remove<DB: Dialect>(
    mut change: Change<'_, DB>,
    conversation_id: ConversationId,
    by_id: UserId,
    members: Vec<UserId>,
) -> Result<()> {
    clear(&mut change, conversation_id).await?;
    let leaves = |user: &UserId| AudienceChange { user: *user, hidden_upto: None };
    let audience = members.iter().map(leaves).collect();
    let last = ConversationEvent::Deleted { conversation_id, by_id, audience };
    change.append(conversation_id, NewEvent::new(&last), None);
    let told = NewEvent::new(&ConversationEvent::Deleted { conversation_id, by_id, audience: Vec::new() });
    for user in members {
        change.append(user, told.clone(), None);
    }
    change.commit().await
}

/// Removes every row that a conversation has, also those of its events: titles that it had are text like any other. What the search
/// index has of it goes with the next step of the job that makes the index.
async fn clear<DB: Dialect>(change: &mut Change<'_, DB>, conversation: ConversationId) -> Result<()> {
    const OF_MESSAGES: [&str; 3] = [
        "delete from rony_message_versions where message_id in (select id from rony_messages where conversation_id = $1)",
        "delete from rony_reactions where message_id in (select id from rony_messages where conversation_id = $1)",
        "delete from rony_thread_members where thread_id in (select id from rony_threads where conversation_id = $1)",
    ];
    const OF_IT: [&str; 18] = [
        "delete from rony_call_people where call_id in (select id from rony_calls where conversation_id = $1)",
        "delete from rony_calls where conversation_id = $1",
        "delete from rony_attachments where conversation_id = $1",
        "delete from rony_grants where subject_id = $1",
        "delete from rony_threads where conversation_id = $1",
        "delete from rony_mentions where conversation_id = $1",
        "delete from rony_pins where conversation_id = $1",
        "delete from rony_drafts where conversation_id = $1",
        "delete from rony_notifications where conversation_id = $1",
        "delete from rony_room_guests where room_id in (select id from rony_rooms where conversation_id = $1)",
        "delete from rony_room_leases where room_id in (select id from rony_rooms where conversation_id = $1)",
        "delete from rony_rooms where conversation_id = $1",
        "delete from rony_invites where conversation_id = $1",
        "delete from rony_messages where conversation_id = $1",
        "delete from rony_members where conversation_id = $1",
        "delete from rony_events where stream_id = $1",
        "delete from rony_conversations where id = $1",
        // What came before the last event is not there any more.
        "update rony_streams set trimmed = head where id = $1",
    ];
    for statement in OF_MESSAGES.into_iter().chain(OF_IT) {
        sqlx::query::<DB>(statement)
            .bind(conversation.uuid())
            .execute(change.connection())
            .await
            .map_err(failed)?;
    }
    Ok(())
}
