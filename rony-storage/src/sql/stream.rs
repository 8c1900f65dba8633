//! Streams on SQL: heads, what moved, and who reads what.

use std::sync::Arc;

use async_trait::async_trait;
use rony_core::{
    Result,
    id::UserId,
    stream::{Announce, Head, Moves, Since, StreamId, StreamStore, Subscription, Subscriptions},
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{SqlStore, dialect::Dialect, failed, values};

/// The streams that the person `$1` reads: their own, the directory, their conversations.
pub(crate) const READS: &str = "with reads (id, hidden_upto) as (
        select conversation_id, hidden_upto from rony_members where user_id = $1
        union all values ($1, 0), ($2, 0)
    )";

#[async_trait]
impl<DB: Dialect> StreamStore for SqlStore<DB> {
    fn announce_to(&self, listener: Arc<dyn Announce>) {
        // A second listener would deliver everything twice.
        let _ = self.listener().set(listener);
    }

    async fn since(&self) -> Result<Since> {
        sqlx::query_scalar::<DB, i64>(DB::HORIZON).fetch_one(self.read()).await.map(Since).map_err(failed)
    }

    async fn moved(&self, since: Since, after: Option<StreamId>, limit: u32) -> Result<Moves> {
        let mut snapshot = self.snapshot().await?;
        let horizon = horizon::<DB>(&mut snapshot).await?;
        let rows = sqlx::query::<DB>(
            "select id, head from rony_streams where moved >= $1 and id > $2 order by id limit $3",
        )
        .bind(since.0)
        .bind(after.map_or_else(Uuid::nil, StreamId::uuid))
        .bind(i64::from(limit) + 1)
        .fetch_all(&mut *snapshot)
        .await
        .map_err(failed)?;
        Ok(moves::<DB>(&rows, limit, horizon))
    }

    async fn moved_for(
        &self,
        user: UserId,
        since: Since,
        after: Option<StreamId>,
        limit: u32,
    ) -> Result<Moves> {
        let mut snapshot = self.snapshot().await?;
        let horizon = horizon::<DB>(&mut snapshot).await?;
        // A database that was restored from a backup may stand before what a client has seen: then all may have moved.
        let since = if since > horizon { Since(0) } else { since };
        let sql = format!(
            "{READS} select s.id, s.head from reads join rony_streams s on s.id = reads.id
             where s.moved >= $3 and s.id > $4 order by s.id limit $5"
        );
        let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(user.uuid())
            .bind(StreamId::DIRECTORY.uuid())
            .bind(since.0)
            .bind(after.map_or_else(Uuid::nil, StreamId::uuid))
            .bind(i64::from(limit) + 1)
            .fetch_all(&mut *snapshot)
            .await
            .map_err(failed)?;
        Ok(moves::<DB>(&rows, limit, horizon))
    }

    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<Head>> {
        let mut heads: Vec<_> = streams.iter().map(|id| Head { id: *id, head: 0 }).collect();
        for chunk in heads.chunks_mut(values::MOST) {
            let ids: Vec<_> = chunk.iter().map(|head| head.id).collect();
            let sql =
                format!("select id, head from rony_streams where id in ({})", values::list::<DB>(ids.len()));
            let query = values::padded(&ids)
                .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
            for row in query.fetch_all(self.read()).await.map_err(failed)? {
                let id = StreamId(row.get(0));
                chunk.iter_mut().filter(|head| head.id == id).for_each(|head| head.head = row.get(1));
            }
        }
        Ok(heads)
    }

    async fn subscriptions(&self, user: UserId) -> Result<Subscriptions> {
        let mut snapshot = self.snapshot().await?;
        let since = horizon::<DB>(&mut snapshot).await?;
        let sql = format!(
            "{READS} select reads.id, coalesce(s.head, 0), reads.hidden_upto, coalesce(s.moved, 0)
             from reads left join rony_streams s on s.id = reads.id"
        );
        let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(user.uuid())
            .bind(StreamId::DIRECTORY.uuid())
            .fetch_all(&mut *snapshot)
            .await
            .map_err(failed)?;
        let subscription = |row: &DB::Row| Subscription {
            head: Head { id: StreamId(row.get(0)), head: row.get(1) },
            hidden_upto: row.get(2),
            moved: Since(row.get(3)),
        };
        Ok(Subscriptions { streams: rows.iter().map(subscription).collect(), since })
    }
}

/// The database's clock as of the transaction's own moment: read first, so that the transaction sees at least as much.
pub(crate) async fn horizon<DB: Dialect>(connection: &mut DB::Connection) -> Result<Since> {
    sqlx::query_scalar::<DB, i64>(DB::HORIZON).fetch_one(connection).await.map(Since).map_err(failed)
}

fn moves<DB: Dialect>(rows: &[DB::Row], limit: u32, since: Since) -> Moves {
    let head = |row: &DB::Row| Head { id: StreamId(row.get(0)), head: row.get(1) };
    Moves {
        heads: rows.iter().take(limit as usize).map(head).collect(),
        since,
        more: rows.len() > limit as usize,
    }
}
