//! What is given to who holds a link: passes and tickets.

use rony_core::{
    Error, Result,
    file::Item,
    id::{ItemId, ShareId, UserId},
    secret::TokenHash,
    share::{AddTicket, KeptTicket, Offer, OpenShare, TicketHolder, good},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::offer;
use crate::sql::{
    SqlStore,
    change::Change,
    dialect::Dialect,
    failed,
    file::{Eyes, load_seen},
};

/// Locks a link, and looks whether it is good then. Whoever comes at the same time waits for the row, and sees what is left.
async fn good_now<DB: Dialect>(connection: &mut DB::Connection, id: ShareId, at: Timestamp) -> Result<Offer> {
    let sql = format!("select id from rony_shares where id = $1{}", DB::FOR_UPDATE);
    sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(id.uuid())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
    good(offer::by_id::<DB>(connection, id).await?, at)
}

pub(super) async fn open<DB: Dialect>(store: &SqlStore<DB>, open: &OpenShare) -> Result<(Offer, Item)> {
    let (mut transaction, _turn) = store.begin_in_turn(DB::BEGIN).await?;
    let offer = good_now::<DB>(&mut transaction, open.id, open.opening.at).await?;
    if offer.password != open.proven {
        return Err(Error::forbidden("password_wrong", "The link's password was changed. Ask who sent it."));
    }
    let item = load_seen::<DB>(&mut transaction, Eyes::of(offer.shown_to()), offer.share.file_id).await?.item;
    sqlx::query::<DB>("update rony_shares set opened = opened + 1, last_opened_at = $2 where id = $1")
        .bind(open.id.uuid())
        .bind(open.opening.at.as_millis())
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    sqlx::query::<DB>("insert into rony_passes (token_hash, share_id, expires_at) values ($1, $2, $3)")
        .bind(open.pass.as_bytes().to_vec())
        .bind(open.id.uuid())
        .bind(open.expires_at.as_millis())
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    if offer.share.log_openings {
        note::<DB>(&mut transaction, open).await?;
    }
    transaction.commit().await.map_err(failed)?;
    Ok((offer, item))
}

async fn note<DB: Dialect>(connection: &mut DB::Connection, open: &OpenShare) -> Result<()> {
    sqlx::query::<DB>(
        "insert into rony_openings (share_id, id, at, address, user_agent) values ($1, $2, $3, $4, $5)",
    )
    .bind(open.id.uuid())
    .bind(open.note)
    .bind(open.opening.at.as_millis())
    .bind(open.opening.address.clone())
    .bind(open.opening.user_agent.clone())
    .execute(connection)
    .await
    .map_err(failed)?;
    Ok(())
}

pub(super) async fn add_ticket<DB: Dialect>(store: &SqlStore<DB>, add: &AddTicket) -> Result<()> {
    let AddTicket { ticket, token, at } = add;
    let (mut transaction, _turn) = store.begin_in_turn(DB::BEGIN).await?;
    let (person, share) = match ticket.holder {
        TicketHolder::Person(person) => (Some(person.uuid()), None),
        TicketHolder::Share(share) => {
            good_now::<DB>(&mut transaction, share, *at).await?;
            sqlx::query::<DB>("update rony_shares set downloads = downloads + 1 where id = $1")
                .bind(share.uuid())
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
            (None, Some(share.uuid()))
        }
    };
    sqlx::query::<DB>(
        "insert into rony_tickets (token_hash, file_id, version, person_id, share_id, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(token.as_bytes().to_vec())
    .bind(ticket.file_id.uuid())
    .bind(ticket.version)
    .bind(person)
    .bind(share)
    .bind(ticket.expires_at.as_millis())
    .execute(&mut *transaction)
    .await
    .map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

pub(super) async fn ticket<DB: Dialect>(
    store: &SqlStore<DB>,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<KeptTicket>> {
    let row = sqlx::query::<DB>(
        "select t.file_id, t.version, t.person_id, t.share_id, t.expires_at from rony_tickets t
         left join rony_users u on u.id = t.person_id
         where t.token_hash = $1 and t.expires_at > $2 and u.deactivated_at is null",
    )
    .bind(token.as_bytes().to_vec())
    .bind(now.as_millis())
    .fetch_optional(store.read())
    .await
    .map_err(failed)?;
    let read = |row: &DB::Row| {
        let holder = match (row.get::<Option<Uuid>, _>(2), row.get::<Option<Uuid>, _>(3)) {
            (Some(person), None) => TicketHolder::Person(UserId(person)),
            (None, Some(share)) => TicketHolder::Share(ShareId(share)),
            _ => return Err(Error::internal("a ticket of nobody")),
        };
        let expires_at = Timestamp::from_millis(row.get(4));
        Ok(KeptTicket { file_id: ItemId(row.get(0)), version: row.get(1), holder, expires_at })
    };
    row.as_ref().map(read).transpose()
}

/// Removes what was given to who holds a link. Whoever opens it at the same time waits for the row of the link, which the caller has locked.
pub(super) async fn take_back<DB: Dialect>(change: &mut Change<'_, DB>, id: ShareId) -> Result<()> {
    for sql in ["delete from rony_passes where share_id = $1", "delete from rony_tickets where share_id = $1"]
    {
        sqlx::query::<DB>(sql).bind(id.uuid()).execute(change.connection()).await.map_err(failed)?;
    }
    Ok(())
}

pub(super) async fn prune<DB: Dialect>(
    store: &SqlStore<DB>,
    now: Timestamp,
    openings_before: Timestamp,
) -> Result<()> {
    let (mut transaction, _turn) = store.begin_in_turn(DB::BEGIN).await?;
    let steps = [
        ("delete from rony_passes where expires_at <= $1", now),
        ("delete from rony_tickets where expires_at <= $1", now),
        ("delete from rony_openings where at < $1", openings_before),
        (
            "delete from rony_shares where created_at < $1
             and not exists (select 1 from rony_files f where f.id = rony_shares.file_id)",
            now,
        ),
    ];
    for (sql, moment) in steps {
        sqlx::query::<DB>(sql).bind(moment.as_millis()).execute(&mut *transaction).await.map_err(failed)?;
    }
    let orphans = "delete from rony_openings
        where not exists (select 1 from rony_shares s where s.id = rony_openings.share_id)";
    sqlx::query::<DB>(orphans).execute(&mut *transaction).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}
