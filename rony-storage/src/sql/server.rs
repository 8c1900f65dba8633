//! Counting what there is on SQL.

use async_trait::async_trait;
use rony_core::{
    Result,
    id::NodeId,
    server::{Database, Figures, Node, ServerStore},
    time::Timestamp,
};
use sqlx::Row;

use super::{SqlStore, dialect::Dialect, failed};

/// Messages are not counted one by one: each conversation and each thread knows the number of its newest one.
const COUNT: &str = "
    select
        (select count(*) from rony_users where not bot and deactivated_at is null),
        (select count(*) from rony_users where not bot and deactivated_at is null and role = 'administrator'),
        (select count(*) from rony_users where bot and deactivated_at is null),
        (select count(*) from rony_users where deactivated_at is not null),
        (select count(distinct user_id) from rony_presence where status <> 'offline'),
        (select count(*) from rony_conversations where kind = 'group'),
        (select count(*) from rony_conversations where kind = 'direct'),
        cast((select coalesce(sum(s.ordinal), 0) from rony_conversations c join rony_streams s on s.id = c.id) as bigint)
            + cast((select coalesce(sum(newest_ordinal), 0) from rony_threads) as bigint)";

#[async_trait]
impl<DB: Dialect> ServerStore for SqlStore<DB> {
    async fn figures(&self) -> Result<Figures> {
        let mut snapshot = self.snapshot().await?;
        let counted = sqlx::query::<DB>(COUNT).fetch_one(&mut *snapshot).await.map_err(failed)?;
        let mut bytes =
            sqlx::query_scalar::<DB, i64>(DB::BYTES).fetch_one(&mut *snapshot).await.map_err(failed)?;
        if let Some(index) = self.index() {
            bytes += sqlx::query_scalar::<DB, i64>(DB::BYTES).fetch_one(&index.read).await.map_err(failed)?;
        }
        let nodes = sqlx::query::<DB>("select id, started_at from rony_nodes order by started_at, id");
        let nodes = nodes.fetch_all(&mut *snapshot).await.map_err(failed)?;
        drop(snapshot);
        let database =
            Database { kind: <DB as Dialect>::NAME.to_owned(), version: self.version().await?, bytes };
        Ok(Figures {
            database,
            people: counted.get(0),
            administrators: counted.get(1),
            bots: counted.get(2),
            deactivated: counted.get(3),
            online: counted.get(4),
            groups: counted.get(5),
            directs: counted.get(6),
            messages: counted.get(7),
            nodes: nodes.iter().map(node::<DB>).collect(),
        })
    }
}

fn node<DB: Dialect>(row: &DB::Row) -> Node {
    Node { id: NodeId(row.get(0)), started_at: Timestamp::from_millis(row.get(1)) }
}
