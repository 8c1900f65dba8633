//! Starting a conversation with all of its members in one transaction.

use rony_core::{
    Result,
    conversation::{Conversation, ConversationEvent, CreateConversation, Kind, NewConversation, may_start},
    id::{ClientId, ConversationId, UserId},
    member::Seat,
    permission::Role,
    stream::{NewEvent, StreamId},
    text,
};
use sqlx::Row;
use uuid::Uuid;

use super::row::{write_history, write_kind, write_visibility};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed, member, notification};

/// Starts a conversation, or finds the one that is meant; `true`: it is the pair's, which was there already.
pub(super) async fn create<DB: Dialect>(
    store: &SqlStore<DB>,
    create: CreateConversation,
) -> Result<(ConversationId, bool)> {
    let CreateConversation { id, creator_id, at, new } = create;
    let seats = seats(creator_id, &new);
    let pair = (new.kind == Kind::Direct).then(|| direct_key(creator_id, &new));
    let mut change = store.change(at).await?;
    let own = seats.iter().map(|seat| StreamId::from(seat.user_id));
    change.lock(own.chain([id.into()])).await?;
    // The streams of the people are locked: whoever starts the same at the same time waits, and finds this one.
    if let Some(known) = by_client(&mut change, creator_id, new.client_id).await? {
        return Ok((known, false));
    }
    if let Some(known) = by_pair(&mut change, pair.as_deref()).await? {
        return Ok((known, true));
    }
    let others: Vec<_> = new.member_ids.iter().copied().filter(|user| *user != creator_id).collect();
    let newcomers = member::newcomers::<DB>(change.connection(), creator_id, &others).await?;
    for (position, user) in new.member_ids.iter().enumerate().filter(|(_, user)| **user != creator_id) {
        may_start(new.kind, newcomers.get(user).copied().unwrap_or_default(), position)?;
    }
    let client_id = new.client_id;
    let conversation = conversation(id, creator_id, &change, new);
    insert(&mut change, &conversation, Some(client_id), pair.clone()).await?;
    member::insert(&mut change, id, &seats, 0).await?;
    change.append(id, NewEvent::new(&ConversationEvent::created(conversation, &seats)), None);
    for seat in &seats {
        let by = Some(creator_id).filter(|by| *by != seat.user_id);
        member::tell_newcomer(&mut change, id, *seat, by);
    }
    // Who is written to directly is notified by the first message.
    if pair.is_none() {
        let people: Vec<_> = seats.iter().map(|seat| seat.user_id).collect();
        notification::invite(&mut change, id, &people, creator_id).await?;
    }
    change.commit().await?;
    Ok((id, false))
}

/// Everybody once, the creator first. A direct conversation has no owner.
fn seats(creator: UserId, new: &NewConversation) -> Vec<Seat> {
    let role = if new.kind == Kind::Direct { Role::Member } else { Role::Owner };
    let mut others: Vec<_> = new.member_ids.iter().copied().filter(|user| *user != creator).collect();
    others.sort_unstable();
    others.dedup();
    let others = others.into_iter().map(|user_id| Seat { user_id, role: Role::Member });
    std::iter::once(Seat { user_id: creator, role }).chain(others).collect()
}

/// The name of a pair, whoever of the two asks.
fn direct_key(creator: UserId, new: &NewConversation) -> String {
    let other = new.member_ids.first().copied().unwrap_or(creator);
    format!("{}:{}", creator.min(other), creator.max(other))
}

/// The other one of the pair that [`direct_key`] names.
pub(super) fn peer_in(key: &str, user: UserId) -> Option<UserId> {
    let (one, other) = key.split_once(':')?;
    let (one, other) = (one.parse().ok()?, other.parse().ok()?);
    Some(if one == user { other } else { one })
}

fn conversation<DB: Dialect>(
    id: ConversationId,
    creator: UserId,
    change: &Change<'_, DB>,
    new: NewConversation,
) -> Conversation {
    Conversation {
        id,
        kind: new.kind,
        visibility: new.visibility,
        history: new.history,
        title: new.title,
        topic: new.topic,
        icon: new.icon,
        general: false,
        created_by: Some(creator),
        created_at: change.at(),
        archived_at: None,
    }
}

async fn by_client<DB: Dialect>(
    change: &mut Change<'_, DB>,
    creator: UserId,
    client_id: ClientId,
) -> Result<Option<ConversationId>> {
    let id = sqlx::query_scalar::<DB, Uuid>(
        "select id from rony_conversations where created_by = $1 and client_id = $2",
    )
    .bind(creator.uuid())
    .bind(client_id.uuid())
    .fetch_optional(change.connection())
    .await
    .map_err(failed)?;
    Ok(id.map(ConversationId))
}

async fn by_pair<DB: Dialect>(
    change: &mut Change<'_, DB>,
    pair: Option<&str>,
) -> Result<Option<ConversationId>> {
    let Some(pair) = pair else { return Ok(None) };
    let id = sqlx::query_scalar::<DB, Uuid>("select id from rony_conversations where direct_key = $1")
        .bind(pair.to_owned())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    Ok(id.map(ConversationId))
}

/// Inserts a conversation that nobody is in yet; `false` when one with its id is there.
pub(crate) async fn insert<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: &Conversation,
    client_id: Option<ClientId>,
    direct_key: Option<String>,
) -> Result<bool> {
    let inserted = sqlx::query::<DB>(
        "insert into rony_conversations (id, kind, visibility, history, title, topic, icon, fold, created_by, client_id,
         direct_key, is_general, member_count, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13) on conflict (id) do nothing returning id",
    )
    .bind(conversation.id.uuid())
    .bind(write_kind(conversation.kind).to_owned())
    .bind(write_visibility(conversation.visibility).to_owned())
    .bind(write_history(conversation.history).to_owned())
    .bind(conversation.title.clone())
    .bind(conversation.topic.clone())
    .bind(conversation.icon.clone())
    .bind(searched(conversation))
    .bind(conversation.created_by.map(UserId::uuid))
    .bind(client_id.map(ClientId::uuid))
    .bind(direct_key)
    .bind(conversation.general)
    .bind(conversation.created_at.as_millis())
    .fetch_optional(change.connection())
    .await
    .map_err(failed)?;
    Ok(inserted.is_some_and(|row| !row.is_empty()))
}

/// The title and the topic as they are searched.
pub(super) fn searched(conversation: &Conversation) -> String {
    text::fold(&format!("{}\n{}", conversation.title, conversation.topic))
}
