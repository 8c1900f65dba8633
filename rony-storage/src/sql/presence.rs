//! Presence on SQL.

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    contact::Relation,
    id::{NodeId, UserId},
    presence::{
        Chosen, DeviceStatus, News, PresenceEvent, PresenceStore, Present, Publication, SetPresence, Status,
    },
    stream::{NewEvent, Since, StreamId},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};

use super::{
    SqlStore,
    change::Change,
    contact::relation,
    dialect::Dialect,
    failed,
    stream::horizon,
    user::profile::{self, read_privacy},
    values,
};

/// The columns that [`read`] expects.
const COLUMNS: &str = "id, presence, presence_until, status_text, status_until, last_seen_at, last_seen_privacy, deactivated_at";

#[async_trait]
impl<DB: Dialect> PresenceStore for SqlStore<DB> {
    async fn chosen(&self, users: &[UserId]) -> Result<Vec<Chosen>> {
        let mut chosen = Vec::with_capacity(users.len());
        for users in users.chunks(values::MOST) {
            let sql =
                format!("select {COLUMNS} from rony_users where id in ({})", values::list::<DB>(users.len()));
            let query = values::padded(users)
                .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, user| query.bind(user.uuid()));
            for row in query.fetch_all(self.read()).await.map_err(failed)? {
                chosen.push(read::<DB>(&row)?);
            }
        }
        Ok(chosen)
    }

    async fn set_presence(
        &self,
        user: UserId,
        at: Timestamp,
        set: &SetPresence,
        seen: bool,
    ) -> Result<Chosen> {
        let mut change = self.change(at).await?;
        // The directory is everybody's: it is told of a text, and not held up for the rest.
        let directory = set.text.as_ref().map(|_| StreamId::DIRECTORY);
        change.lock([user.into()].into_iter().chain(directory)).await?;
        let before = load::<DB>(change.connection(), user).await?;
        let until = set.until.filter(|_| set.status != Status::Online);
        let chosen = Chosen { status: set.status, until, ..before.clone() };
        write_choice(&mut change, &chosen, seen).await?;
        if let Some(text) = &set.text {
            profile::set_status(&mut change, user, text, set.until).await?;
        }
        let chosen = load::<DB>(change.connection(), user).await?;
        let own = chosen.own(at);
        if own != before.own(at) {
            change.append(user, NewEvent::new(&PresenceEvent::Set { presence: own }), None);
        }
        change.commit().await?;
        Ok(chosen)
    }

    async fn renew_node(&self, node: NodeId, at: Timestamp) -> Result<bool> {
        let mut change = self.change(at).await?;
        let renewed = sqlx::query::<DB>("update rony_nodes set renewed = $2 where id = $1 returning id")
            .bind(node.uuid())
            .bind(change.tick())
            .fetch_optional(change.connection())
            .await
            .map_err(failed)?;
        if renewed.is_none() {
            sqlx::query::<DB>("insert into rony_nodes (id, started_at, renewed) values ($1, $2, $3)")
                .bind(node.uuid())
                .bind(at.as_millis())
                .bind(change.tick())
                .execute(change.connection())
                .await
                .map_err(failed)?;
        }
        change.commit().await?;
        Ok(renewed.is_some())
    }

    async fn remove_node(&self, node: NodeId, seen: Timestamp) -> Result<()> {
        let mut change = self.change(seen).await?;
        sqlx::query::<DB>(
            "update rony_users set last_seen_at = $2 where coalesce(last_seen_at, 0) < $2
             and not (presence = 'offline' and (presence_until is null or presence_until > $2))
             and id in (select user_id from rony_presence where node_id = $1 and status <> 'offline')",
        )
        .bind(node.uuid())
        .bind(seen.as_millis())
        .execute(change.connection())
        .await
        .map_err(failed)?;
        for statement in
            ["delete from rony_presence where node_id = $1", "delete from rony_nodes where id = $1"]
        {
            let query = sqlx::query::<DB>(statement).bind(node.uuid());
            query.execute(change.connection()).await.map_err(failed)?;
        }
        change.commit().await
    }

    async fn publish_presence(&self, node: NodeId, publications: &[Publication]) -> Result<()> {
        let mut change = self.change(Timestamp::from_millis(0)).await?;
        for publications in publications.chunks(values::MOST) {
            write_publications(&mut change, node, publications).await?;
            let seen = publications.iter().filter_map(|it| it.last_seen.map(|seen| (it.user, seen)));
            write_last_seen(&mut change, &seen.collect::<Vec<_>>()).await?;
        }
        change.commit().await
    }

    async fn presence_since(&self, since: Option<Since>) -> Result<News> {
        let mut snapshot = self.snapshot().await?;
        let horizon = horizon::<DB>(&mut snapshot).await?;
        // A database that was restored from a backup may stand before what this node has seen.
        let since = since.filter(|since| *since <= horizon);
        let mut news = News { since: horizon, ..News::default() };
        let nodes = sqlx::query::<DB>("select id, renewed from rony_nodes").fetch_all(&mut *snapshot);
        let nodes = nodes.await.map_err(failed)?;
        news.nodes = nodes.iter().map(|row| (NodeId(row.get(0)), row.get(1))).collect();
        let statement = match since {
            None => {
                "select node_id, user_id, status, since from rony_presence where status <> 'offline' and moved >= $1"
            }
            Some(_) => "select node_id, user_id, status, since from rony_presence where moved >= $1",
        };
        let from = since.map_or(0, |since| since.0);
        let present = sqlx::query::<DB>(statement).bind(from).fetch_all(&mut *snapshot);
        news.present = present.await.map_err(failed)?.iter().map(present_row::<DB>).collect::<Result<_>>()?;
        if since.is_some() {
            news.chosen = chosen_since::<DB>(&mut snapshot, from).await?;
            news.relations = relations_since::<DB>(&mut snapshot, from).await?;
        }
        Ok(news)
    }
}

async fn chosen_since<DB: Dialect>(connection: &mut DB::Connection, since: i64) -> Result<Vec<Chosen>> {
    let sql = format!("select {COLUMNS} from rony_users where presence_moved >= $1");
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(since).fetch_all(connection).await;
    rows.map_err(failed)?.iter().map(read::<DB>).collect()
}

async fn relations_since<DB: Dialect>(connection: &mut DB::Connection, since: i64) -> Result<Vec<Relation>> {
    let rows =
        sqlx::query::<DB>("select owner_id, user_id, listed, blocked from rony_contacts where moved >= $1")
            .bind(since)
            .fetch_all(connection)
            .await
            .map_err(failed)?;
    Ok(rows.iter().map(relation::<DB>).collect())
}

/// What somebody chose, on the caller's connection.
pub(crate) async fn load<DB: Dialect>(connection: &mut DB::Connection, user: UserId) -> Result<Chosen> {
    let sql = format!("select {COLUMNS} from rony_users where id = $1");
    let row = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(user.uuid()).fetch_optional(connection).await;
    read::<DB>(&row.map_err(failed)?.ok_or(Error::NotFound("user"))?)
}

async fn write_choice<DB: Dialect>(change: &mut Change<'_, DB>, chosen: &Chosen, seen: bool) -> Result<()> {
    sqlx::query::<DB>(
        "update rony_users set presence = $2, presence_until = $3, presence_moved = $4,
         last_seen_at = case when $5 and coalesce(last_seen_at, 0) < $6 then $6 else last_seen_at end where id = $1",
    )
    .bind(chosen.user.uuid())
    .bind(write_status(chosen.status).to_owned())
    .bind(chosen.until.map(Timestamp::as_millis))
    .bind(change.tick())
    .bind(seen)
    .bind(change.at().as_millis())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

async fn write_publications<DB: Dialect>(
    change: &mut Change<'_, DB>,
    node: NodeId,
    publications: &[Publication],
) -> Result<()> {
    let sql = format!(
        "with v (user_id, node_id, status, since, moved) as (values {})
         insert into rony_presence (user_id, node_id, status, since, moved)
         select user_id, node_id, status, since, moved from v where user_id is not null
         on conflict (user_id, node_id) do update set status = excluded.status, since = excluded.since, moved = excluded.moved",
        values::rows::<DB>(5, publications.len())
    );
    let tick = change.tick();
    let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
    for publication in values::optional(publications) {
        query = query
            .bind(publication.map(|it| it.user.uuid()))
            .bind(node.uuid())
            .bind(publication.map(|it| write_device(it.status).to_owned()))
            .bind(publication.map(|it| it.since.as_millis()))
            .bind(tick);
    }
    query.execute(change.connection()).await.map_err(failed)?;
    Ok(())
}

async fn write_last_seen<DB: Dialect>(
    change: &mut Change<'_, DB>,
    seen: &[(UserId, Timestamp)],
) -> Result<()> {
    if seen.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "with v (id, seen) as (values {})
         update rony_users set last_seen_at = v.seen from v
         where rony_users.id = v.id and coalesce(rony_users.last_seen_at, 0) < v.seen",
        values::rows::<DB>(2, seen.len())
    );
    let query = values::padded(seen).fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, (user, seen)| {
        query.bind(user.uuid()).bind(seen.as_millis())
    });
    query.execute(change.connection()).await.map_err(failed)?;
    Ok(())
}

/// What somebody chose, as their row has it; who is deactivated has nothing to show.
fn read<DB: Dialect>(row: &DB::Row) -> Result<Chosen> {
    let chosen = Chosen {
        user: UserId(row.get(0)),
        status: read_status(&row.get::<String, _>(1))?,
        until: row.get::<Option<i64>, _>(2).map(Timestamp::from_millis),
        text: row.get(3),
        text_until: row.get::<Option<i64>, _>(4).map(Timestamp::from_millis),
        last_seen: row.get::<Option<i64>, _>(5).map(Timestamp::from_millis),
        last_seen_privacy: read_privacy(&row.get::<String, _>(6))?,
    };
    Ok(match row.get::<Option<i64>, _>(7) {
        None => chosen,
        Some(_) => {
            Chosen { status: Status::Offline, until: None, text: String::new(), last_seen: None, ..chosen }
        }
    })
}

fn present_row<DB: Dialect>(row: &DB::Row) -> Result<Present> {
    let status = match row.get::<String, _>(2).as_str() {
        "offline" => None,
        "away" => Some(DeviceStatus::Away),
        "online" => Some(DeviceStatus::Online),
        other => return Err(unknown(other)),
    };
    let (node, user) = (NodeId(row.get(0)), UserId(row.get(1)));
    Ok(Present { node, user, status, since: Timestamp::from_millis(row.get(3)) })
}

const fn write_device(status: Option<DeviceStatus>) -> &'static str {
    match status {
        None => "offline",
        Some(DeviceStatus::Away) => "away",
        Some(DeviceStatus::Online) => "online",
    }
}

fn read_status(text: &str) -> Result<Status> {
    match text {
        "online" => Ok(Status::Online),
        "away" => Ok(Status::Away),
        "busy" => Ok(Status::Busy),
        "offline" => Ok(Status::Offline),
        other => Err(unknown(other)),
    }
}

const fn write_status(status: Status) -> &'static str {
    match status {
        Status::Online => "online",
        Status::Away => "away",
        Status::Busy => "busy",
        Status::Offline => "offline",
    }
}

fn unknown(status: &str) -> Error {
    Error::internal(format!("a status that this version does not know: {status}"))
}
