//! Putting people into conversations, for every way in which they come: started with, added, joined, invited, General.

use std::collections::HashMap;

use rony_core::{
    Result,
    conversation::{Conversation, ConversationEvent, GENERAL, History, Kind, Visibility},
    id::{ConversationId, UserId},
    member::{MemberEvent, Newcomer, Seat},
    permission::Role,
    stream::{NewEvent, Seq},
};
use sqlx::{AssertSqlSafe, Row};

use crate::sql::{change::Change, conversation, dialect::Dialect, failed, place::write_role, values};

/// Puts people who are not in it into a conversation, and tells its stream and their own, which the change has locked.
/// What they may see of the past is what the conversation says now.
pub(crate) async fn seat<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: &Conversation,
    seats: &[Seat],
    by: Option<UserId>,
) -> Result<()> {
    let id = conversation.id;
    let hidden_upto = conversation.history.hidden_upto(change.head(id));
    insert(change, id, seats, hidden_upto).await?;
    for seat in seats {
        let event = joined(id, *seat, by, Some(hidden_upto));
        change.append(id, NewEvent::new(&event), None);
        tell_newcomer(change, id, *seat, by);
    }
    Ok(())
}

/// Puts a new account into the conversation that everybody is in; the first one makes it. The change has locked
/// [`GENERAL`] and the person's own stream.
pub(crate) async fn join_general<DB: Dialect>(
    change: &mut Change<'_, DB>,
    user_id: UserId,
    role: Role,
) -> Result<()> {
    let general = Conversation {
        id: GENERAL,
        kind: Kind::Group,
        visibility: Visibility::Public,
        history: History::All,
        title: "General".to_owned(),
        topic: String::new(),
        icon: String::new(),
        general: true,
        created_by: None,
        created_at: change.at(),
        archived_at: None,
    };
    let seat_taken = Seat { user_id, role };
    if conversation::insert(change, &general, None, None).await? {
        change.append(GENERAL, NewEvent::new(&ConversationEvent::created(general, &[])), None);
    }
    let conversation::Site { conversation, place, .. } =
        conversation::site::<DB>(change.connection(), GENERAL, user_id).await?;
    match place.role {
        Some(_) => Ok(()),
        None => seat(change, &conversation, &[seat_taken], None).await,
    }
}

/// Tells somebody's own stream that they are in a conversation.
pub(crate) fn tell_newcomer<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
    seat: Seat,
    by: Option<UserId>,
) {
    change.append(seat.user_id, NewEvent::new(&joined(conversation, seat, by, None)), None);
}

const fn joined(
    conversation_id: ConversationId,
    seat: Seat,
    by_id: Option<UserId>,
    hidden_upto: Option<Seq>,
) -> MemberEvent {
    MemberEvent::Joined { conversation_id, user_id: seat.user_id, role: seat.role, by_id, hidden_upto }
}

/// Writes the rows of people who are not in a conversation yet, and counts them. They start at its newest message.
pub(crate) async fn insert<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
    seats: &[Seat],
    hidden_upto: Seq,
) -> Result<()> {
    let (at, read_ordinal) = (change.at().as_millis(), change.ordinal(conversation));
    for seats in seats.chunks(values::MOST) {
        let sql = format!(
            "with v (conversation_id, user_id, role, joined_at, hidden_upto, read_ordinal) as (values {})
             insert into rony_members (conversation_id, user_id, role, joined_at, hidden_upto, read_ordinal, level, favorite)
             select conversation_id, user_id, role, joined_at, hidden_upto, read_ordinal, 'all', false
             from v where user_id is not null",
            values::rows::<DB>(6, seats.len())
        );
        let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
        for seat in values::optional(seats) {
            query = query
                .bind(conversation.uuid())
                .bind(seat.map(|seat| seat.user_id.uuid()))
                .bind(seat.map(|seat| write_role(seat.role).to_owned()))
                .bind(at)
                .bind(hidden_upto)
                .bind(read_ordinal);
        }
        query.execute(change.connection()).await.map_err(failed)?;
    }
    count(change, conversation, seats.len() as i64).await
}

/// Raises, or lowers, a conversation's number of members.
pub(super) async fn count<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
    by: i64,
) -> Result<()> {
    sqlx::query::<DB>("update rony_conversations set member_count = member_count + $2 where id = $1")
        .bind(conversation.uuid())
        .bind(by)
        .execute(change.connection())
        .await
        .map_err(failed)?;
    Ok(())
}

/// What is true about people whom `by` wants to bring in; who has no account is left out.
pub(crate) async fn newcomers<DB: Dialect>(
    connection: &mut DB::Connection,
    by: UserId,
    users: &[UserId],
) -> Result<HashMap<UserId, Newcomer>> {
    let mut found = HashMap::with_capacity(users.len());
    for users in users.chunks(values::MOST) {
        let sql = format!(
            "select u.id, u.deactivated_at, theirs.owner_id is not null, ours.owner_id is not null
             from rony_users u
             left join rony_contacts theirs on theirs.owner_id = u.id and theirs.user_id = $1 and theirs.blocked
             left join rony_contacts ours on ours.owner_id = $1 and ours.user_id = u.id and ours.blocked
             where u.id in ({})",
            values::list_from(2, users.len())
        );
        let query = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(by.uuid());
        let query = values::padded(users).fold(query, |query, id| query.bind(id.uuid()));
        for row in query.fetch_all(&mut *connection).await.map_err(failed)? {
            let newcomer = Newcomer {
                exists: true,
                deactivated: row.get::<Option<i64>, _>(1).is_some(),
                blocks: row.get(2),
                blocked: row.get(3),
            };
            found.insert(UserId(row.get(0)), newcomer);
        }
    }
    Ok(found)
}
