//! Members who come, go, rise, step down, and keep a conversation in their own way.

use std::collections::HashSet;

use rony_core::{
    Error, Result,
    id::{ConversationId, UserId},
    member::{
        AddMembers, ChangeRole, KeepConversation, Member, MemberEvent, MemberSettings, Removal, RemoveMember,
        RoleChange, Seat, may_add, may_bring, may_change_role, may_remove,
    },
    permission::{Action, Role, check},
    stream::{NewEvent, StreamId},
    time::Timestamp,
};
use sqlx::Row;

use super::{
    list::{among, read_level, write_level},
    seat::{count, newcomers, seat},
};
use crate::sql::{
    SqlStore,
    change::Change,
    conversation::{Site, set_archived, site},
    dialect::Dialect,
    failed, notification,
    place::{read_role, write_role},
};

pub(super) async fn add<DB: Dialect>(store: &SqlStore<DB>, add: AddMembers) -> Result<Vec<Member>> {
    let AddMembers { conversation_id, by_id, at, people } = add;
    let mut change = store.change(at).await?;
    let own = people.user_ids.iter().map(|user| StreamId::from(*user));
    change.lock(own.chain([conversation_id.into()])).await?;
    let Site { conversation, place, .. } = site::<DB>(change.connection(), conversation_id, by_id).await?;
    may_add(place, people.role)?;
    let mut named = people.user_ids.clone();
    named.sort_unstable();
    named.dedup();
    let present = among::<DB>(change.connection(), conversation_id, &named).await?;
    let present: HashSet<_> = present.into_iter().map(|member| member.user_id).collect();
    let facts = newcomers::<DB>(change.connection(), by_id, &named).await?;
    for (position, user) in people.user_ids.iter().enumerate().filter(|(_, user)| !present.contains(user)) {
        may_bring(facts.get(user).copied().unwrap_or_default(), "user_ids", position)?;
    }
    let new = named.iter().filter(|user| !present.contains(user));
    let seats: Vec<_> = new.map(|user| Seat { user_id: *user, role: people.role }).collect();
    if !seats.is_empty() {
        seat(&mut change, &conversation, &seats, Some(by_id)).await?;
        let people: Vec<_> = seats.iter().map(|seat| seat.user_id).collect();
        notification::invite(&mut change, conversation_id, &people, by_id).await?;
    }
    let members = among::<DB>(change.connection(), conversation_id, &named).await?;
    change.commit().await?;
    Ok(members)
}

pub(super) async fn join<DB: Dialect>(
    store: &SqlStore<DB>,
    user: UserId,
    conversation_id: ConversationId,
    at: Timestamp,
) -> Result<()> {
    let mut change = store.change(at).await?;
    change.lock([conversation_id.into(), user.into()]).await?;
    let Site { conversation, place, .. } = site::<DB>(change.connection(), conversation_id, user).await?;
    if place.role.is_some() {
        return Ok(());
    }
    check(Action::Join, place)?;
    seat(&mut change, &conversation, &[Seat { user_id: user, role: Role::Member }], None).await?;
    change.commit().await
}

pub(super) async fn role<DB: Dialect>(store: &SqlStore<DB>, asked: ChangeRole) -> Result<Member> {
    let ChangeRole { conversation_id, user_id, role, by_id, at } = asked;
    let mut change = store.change(at).await?;
    change.lock([conversation_id.into(), user_id.into()]).await?;
    let Site { place, .. } = site::<DB>(change.connection(), conversation_id, by_id).await?;
    check(Action::Read, place)?;
    let before = role_of(&mut change, conversation_id, user_id).await?;
    let last_owner = is_last_owner(&mut change, conversation_id, before).await?;
    may_change_role(RoleChange { place, before, after: role, oneself: user_id == by_id, last_owner })?;
    if role != before {
        write_and_tell(&mut change, conversation_id, user_id, role, Some(by_id)).await?;
    }
    let member = among::<DB>(change.connection(), conversation_id, &[user_id]).await?;
    change.commit().await?;
    member.into_iter().next().ok_or(Error::NotFound("member"))
}

/// Gives a member another role by the server's own word: when their role on the server is another one. The change has
/// locked both streams. Who is no member stays none.
pub(crate) async fn set_role<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
    user: UserId,
    role: Role,
    by: Option<UserId>,
) -> Result<()> {
    match role_of(change, conversation, user).await {
        Err(Error::NotFound(_)) => Ok(()),
        Ok(before) if before == role => Ok(()),
        Ok(_) => write_and_tell(change, conversation, user, role, by).await,
        Err(error) => Err(error),
    }
}

async fn write_and_tell<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation_id: ConversationId,
    user_id: UserId,
    role: Role,
    by_id: Option<UserId>,
) -> Result<()> {
    sqlx::query::<DB>("update rony_members set role = $3 where conversation_id = $1 and user_id = $2")
        .bind(conversation_id.uuid())
        .bind(user_id.uuid())
        .bind(write_role(role).to_owned())
        .execute(change.connection())
        .await
        .map_err(failed)?;
    let event = NewEvent::new(&MemberEvent::Changed { conversation_id, user_id, role, by_id });
    change.append(conversation_id, event.clone(), None);
    change.append(user_id, event, None);
    Ok(())
}

pub(super) async fn remove<DB: Dialect>(store: &SqlStore<DB>, asked: RemoveMember) -> Result<()> {
    let RemoveMember { conversation_id, user_id, by_id, at } = asked;
    let mut change = store.change(at).await?;
    change.lock([conversation_id.into(), user_id.into()]).await?;
    let Site { conversation, member_count, place } =
        site::<DB>(change.connection(), conversation_id, by_id).await?;
    check(Action::Read, place)?;
    let role = role_of(&mut change, conversation_id, user_id).await?;
    let last_owner = is_last_owner(&mut change, conversation_id, role).await?;
    let alone = member_count == 1;
    let (general, oneself) = (conversation.general, user_id == by_id);
    may_remove(Removal { place, general, role, oneself, last_owner, alone })?;
    for statement in [
        "delete from rony_members where conversation_id = $1 and user_id = $2",
        "delete from rony_drafts where conversation_id = $1 and user_id = $2",
        "delete from rony_notifications where conversation_id = $1 and user_id = $2",
        "delete from rony_thread_members where user_id = $2
         and thread_id in (select id from rony_threads where conversation_id = $1)",
    ] {
        sqlx::query::<DB>(statement)
            .bind(conversation_id.uuid())
            .bind(user_id.uuid())
            .execute(change.connection())
            .await
            .map_err(failed)?;
    }
    count(&mut change, conversation_id, -1).await?;
    let left = |ends| NewEvent::new(&MemberEvent::Left { conversation_id, user_id, by_id, ends });
    change.append(conversation_id, left(true), None);
    change.append(user_id, left(false), None);
    if alone && conversation.archived_at.is_none() {
        set_archived(&mut change, conversation).await?;
    }
    change.commit().await
}

pub(super) async fn keep<DB: Dialect>(
    store: &SqlStore<DB>,
    asked: KeepConversation,
) -> Result<MemberSettings> {
    let KeepConversation { conversation_id, user_id, change: wanted, at } = asked;
    let mut change = store.change(at).await?;
    change.lock([user_id.into()]).await?;
    check(Action::Read, site::<DB>(change.connection(), conversation_id, user_id).await?.place)?;
    let before = settings(&mut change, conversation_id, user_id).await?;
    let settings = wanted.apply(before);
    if settings == before {
        return Ok(settings);
    }
    sqlx::query::<DB>(
        "update rony_members set level = $3, muted_until = $4, favorite = $5
         where conversation_id = $1 and user_id = $2",
    )
    .bind(conversation_id.uuid())
    .bind(user_id.uuid())
    .bind(write_level(settings.level).to_owned())
    .bind(settings.muted_until.map(Timestamp::as_millis))
    .bind(settings.favorite)
    .execute(change.connection())
    .await
    .map_err(failed)?;
    change.append(user_id, NewEvent::new(&MemberEvent::Settings { conversation_id, settings }), None);
    change.commit().await?;
    Ok(settings)
}

async fn settings<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
    user: UserId,
) -> Result<MemberSettings> {
    let row = sqlx::query::<DB>(
        "select level, muted_until, favorite from rony_members where conversation_id = $1 and user_id = $2",
    )
    .bind(conversation.uuid())
    .bind(user.uuid())
    .fetch_optional(change.connection())
    .await
    .map_err(failed)?
    .ok_or(Error::NotFound("conversation"))?;
    Ok(MemberSettings {
        level: read_level(&row.get::<String, _>(0))?,
        muted_until: row.get::<Option<i64>, _>(1).map(Timestamp::from_millis),
        favorite: row.get(2),
    })
}

async fn role_of<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
    user: UserId,
) -> Result<Role> {
    let role = sqlx::query_scalar::<DB, String>(
        "select role from rony_members where conversation_id = $1 and user_id = $2",
    )
    .bind(conversation.uuid())
    .bind(user.uuid())
    .fetch_optional(change.connection())
    .await
    .map_err(failed)?
    .ok_or(Error::NotFound("member"))?;
    read_role(&role)
}

async fn is_last_owner<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
    role: Role,
) -> Result<bool> {
    if role != Role::Owner {
        return Ok(false);
    }
    let owners = sqlx::query_scalar::<DB, i64>(
        "select count(*) from rony_members where conversation_id = $1 and role = 'owner'",
    )
    .bind(conversation.uuid())
    .fetch_one(change.connection())
    .await
    .map_err(failed)?;
    Ok(owners == 1)
}
