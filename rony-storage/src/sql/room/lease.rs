//! Who drives the meeting in a room, and mail between nodes, on SQL.

use std::time::Duration;

use async_trait::async_trait;
use rony_core::{
    Result,
    id::{ConversationId, NodeId, RoomId, UserId},
    room::{Door, Lease, LeaseStore, Mail, Note, SWITCHBOARD},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{COLUMNS, door, door_columns};
use crate::sql::{SqlStore, dialect::Dialect, failed, values};

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn number(epoch: u64) -> i64 {
    i64::try_from(epoch).unwrap_or(i64::MAX)
}

#[async_trait]
impl<DB: Dialect> LeaseStore for SqlStore<DB> {
    async fn acquire_lease(&self, room: RoomId, node: NodeId, span: Duration) -> Result<Option<Lease>> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        // Behind whoever deletes the room, and before who does so later.
        let sql = format!("select id from rony_rooms where id = $1{}", DB::FOR_UPDATE);
        let there = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(room.uuid())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(failed)?;
        if there.is_none() && room != SWITCHBOARD {
            return Ok(None);
        }
        let now = DB::NOW;
        let sql = format!(
            "insert into rony_room_leases as l (room_id, node_id, epoch, until_ms) values ($1, $2, 1, {now} + $3)
             on conflict (room_id) do update
             set node_id = excluded.node_id, epoch = l.epoch + 1, until_ms = excluded.until_ms
             where l.node_id = excluded.node_id or l.until_ms <= {now}"
        );
        sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(room.uuid())
            .bind(node.uuid())
            .bind(millis(span))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        let row = sqlx::query::<DB>(
            "select room_id, node_id, epoch, note from rony_room_leases where room_id = $1",
        )
        .bind(room.uuid())
        .fetch_one(&mut *transaction)
        .await
        .map_err(failed)?;
        let (_, lease) = read::<DB>(&row)?;
        transaction.commit().await.map_err(failed)?;
        Ok(Some(lease))
    }

    async fn renew_leases(
        &self,
        node: NodeId,
        rooms: &[(RoomId, u64)],
        span: Duration,
    ) -> Result<Vec<RoomId>> {
        let mut renewed = Vec::with_capacity(rooms.len());
        for rooms in rooms.chunks(values::MOST) {
            let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
            let sql = format!(
                "with v (room_id, node_id, epoch, span) as (values {})
                 update rony_room_leases set until_ms = {} + v.span from v
                 where rony_room_leases.room_id = v.room_id and rony_room_leases.node_id = v.node_id
                     and rony_room_leases.epoch = v.epoch returning rony_room_leases.room_id",
                values::rows::<DB>(4, rooms.len()),
                DB::NOW
            );
            let query = values::padded(rooms).fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, room| {
                query.bind(room.0.uuid()).bind(node.uuid()).bind(number(room.1)).bind(millis(span))
            });
            let rows = query.fetch_all(&mut *transaction).await.map_err(failed)?;
            transaction.commit().await.map_err(failed)?;
            renewed.extend(rows.iter().map(|row| RoomId(row.get(0))));
        }
        Ok(renewed)
    }

    async fn release_lease(&self, room: RoomId, node: NodeId, epoch: u64) -> Result<()> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        let sql = format!(
            "update rony_room_leases set until_ms = {} where room_id = $1 and node_id = $2 and epoch = $3",
            DB::NOW
        );
        sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(room.uuid())
            .bind(node.uuid())
            .bind(number(epoch))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn note_meeting(&self, room: RoomId, node: NodeId, epoch: u64, note: Option<Note>) -> Result<()> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        sqlx::query::<DB>(
            "update rony_room_leases set note = $4 where room_id = $1 and node_id = $2 and epoch = $3",
        )
        .bind(room.uuid())
        .bind(node.uuid())
        .bind(number(epoch))
        .bind(note.as_ref().map(values::json))
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn left_notes(&self, span: Duration) -> Result<Vec<(RoomId, Note, Timestamp)>> {
        let sql = format!(
            "select room_id, note, until_ms from rony_room_leases where note is not null and until_ms <= {} - $1",
            DB::NOW
        );
        let rows = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(millis(span)).fetch_all(self.read()).await;
        let left = |row: &DB::Row| {
            let note = values::from_json(&row.get::<String, _>(1))?;
            Ok((RoomId(row.get(0)), note, Timestamp::from_millis(row.get(2))))
        };
        rows.map_err(failed)?.iter().map(left).collect()
    }

    async fn clear_note(&self, room: RoomId, note: &Note) -> Result<()> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        let sql = format!(
            "update rony_room_leases set note = null where room_id = $1 and note = $2 and until_ms <= {}",
            DB::NOW
        );
        sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(room.uuid())
            .bind(values::json(note))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn leases(&self, rooms: &[RoomId]) -> Result<Vec<(RoomId, Lease)>> {
        let mut leases = Vec::new();
        for rooms in rooms.chunks(values::MOST) {
            let sql = format!(
                "select room_id, node_id, epoch, note from rony_room_leases where until_ms > {} and room_id in ({})",
                DB::NOW,
                values::list::<DB>(rooms.len())
            );
            let query = values::padded(rooms)
                .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, room| query.bind(room.uuid()));
            for row in query.fetch_all(self.read()).await.map_err(failed)? {
                leases.push(read::<DB>(&row)?);
            }
        }
        Ok(leases)
    }

    async fn doors_of(&self, rooms: &[RoomId]) -> Result<Vec<Door>> {
        let mut doors = Vec::with_capacity(rooms.len());
        for rooms in rooms.chunks(values::MOST) {
            let sql = format!(
                "select {} where r.id in ({}) and u.deactivated_at is null",
                door_columns(COLUMNS),
                values::list::<DB>(rooms.len())
            );
            let query = values::padded(rooms)
                .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, room| query.bind(room.uuid()));
            for row in query.fetch_all(self.read()).await.map_err(failed)? {
                doors.push(door::<DB>(&row)?);
            }
        }
        Ok(doors)
    }

    async fn members_of(&self, people: &[(ConversationId, UserId)]) -> Result<Vec<(ConversationId, UserId)>> {
        let select = "select m.conversation_id, m.user_id from v
             join rony_members m on m.conversation_id = v.conversation_id and m.user_id = v.user_id";
        self.those_of(people, select).await
    }

    async fn nodes(&self) -> Result<Vec<NodeId>> {
        let rows = sqlx::query::<DB>("select id from rony_nodes").fetch_all(self.read()).await;
        Ok(rows.map_err(failed)?.iter().map(|row| NodeId(row.get(0))).collect())
    }

    async fn send_mail(&self, mail: &[Mail]) -> Result<()> {
        for mail in mail.chunks(values::MOST) {
            let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
            let sql = format!(
                "with v (node_id, body) as (values {})
                 insert into rony_room_mail (node_id, sent_ms, body)
                 select node_id, {}, body from v where node_id is not null",
                values::rows::<DB>(2, mail.len()),
                DB::NOW
            );
            let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
            for mail in values::optional(mail) {
                query =
                    query.bind(mail.map(|mail| mail.node.uuid())).bind(mail.map(|mail| mail.body.clone()));
            }
            query.execute(&mut *transaction).await.map_err(failed)?;
            transaction.commit().await.map_err(failed)?;
        }
        Ok(())
    }

    async fn take_mail(&self, node: NodeId, lifetime: Duration, most: i64) -> Result<Vec<String>> {
        // Mostly there is none, and to look costs the writer nothing.
        let some = sqlx::query::<DB>("select id from rony_room_mail where node_id = $1 limit 1")
            .bind(node.uuid())
            .fetch_optional(self.read())
            .await
            .map_err(failed)?;
        if some.is_none() {
            return Ok(Vec::new());
        }
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        let sql = format!(
            "delete from rony_room_mail where id in
                 (select id from rony_room_mail where node_id = $1 order by id limit $2)
             returning id, sent_ms > {} - $3, body",
            DB::NOW
        );
        let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(node.uuid())
            .bind(most)
            .bind(millis(lifetime))
            .fetch_all(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        let mut mail: Vec<(i64, bool, String)> =
            rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        mail.sort_unstable_by_key(|(id, ..)| *id);
        Ok(mail.into_iter().filter(|(_, young, _)| *young).map(|(.., body)| body).collect())
    }

    async fn prune_mail(&self, lifetime: Duration) -> Result<()> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        let sql = format!("delete from rony_room_mail where sent_ms <= {} - $1", DB::NOW);
        sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(millis(lifetime))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }
}

fn read<DB: Dialect>(row: &DB::Row) -> Result<(RoomId, Lease)> {
    let note = row.get::<Option<String>, _>(3).map(|note| values::from_json::<Note>(&note)).transpose()?;
    let epoch = u64::try_from(row.get::<i64, _>(2)).unwrap_or_default();
    Ok((RoomId(row.get::<Uuid, _>(0)), Lease { node: NodeId(row.get(1)), epoch, note }))
}
