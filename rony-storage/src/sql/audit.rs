//! The audit log on SQL.

use async_trait::async_trait;
use rony_core::{
    Result,
    audit::{AuditStore, Entry, Filter},
    id::{AuditId, UserId},
    time::Timestamp,
};
use sqlx::Row;
use uuid::Uuid;

use super::{SqlStore, change::Change, dialect::Dialect, failed, values};

/// Writes an entry in the transaction of the change that it is about.
pub(crate) async fn record<DB: Dialect>(change: &mut Change<'_, DB>, entry: &Entry) -> Result<()> {
    sqlx::query::<DB>(
        "insert into rony_audit (id, at, actor_id, action, target_id, detail, address) values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(entry.id.uuid())
    .bind(entry.at.as_millis())
    .bind(entry.actor_id.map(UserId::uuid))
    .bind(entry.action.clone().into_owned())
    .bind(entry.target_id)
    .bind(values::json(&entry.detail))
    .bind(entry.address.map(|address| address.to_string()).unwrap_or_default())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

#[async_trait]
impl<DB: Dialect> AuditStore for SqlStore<DB> {
    async fn record(&self, entry: &Entry) -> Result<()> {
        let mut change = self.change(entry.at).await?;
        record(&mut change, entry).await?;
        change.commit().await
    }

    async fn entries(&self, filter: &Filter, before: Option<AuditId>, limit: i64) -> Result<Vec<Entry>> {
        // What is not given is no condition.
        let rows = sqlx::query::<DB>(
            "select id, at, actor_id, action, target_id, detail, address from rony_audit
             where ($1 is null or id < $1) and ($2 is null or actor_id = $2) and ($3 is null or action = $3)
             and ($4 is null or target_id = $4) and ($5 is null or at >= $5) and ($6 is null or at < $6)
             order by id desc limit $7",
        )
        .bind(before.map(AuditId::uuid))
        .bind(filter.actor_id.map(UserId::uuid))
        .bind(filter.action.clone())
        .bind(filter.target_id)
        .bind(filter.since.map(Timestamp::as_millis))
        .bind(filter.until.map(Timestamp::as_millis))
        .bind(limit)
        .fetch_all(self.read())
        .await
        .map_err(failed)?;
        rows.iter().map(read::<DB>).collect()
    }
}

fn read<DB: Dialect>(row: &DB::Row) -> Result<Entry> {
    Ok(Entry {
        id: AuditId(row.get(0)),
        at: Timestamp::from_millis(row.get(1)),
        actor_id: row.get::<Option<Uuid>, _>(2).map(UserId),
        action: row.get::<String, _>(3).into(),
        target_id: row.get(4),
        detail: values::from_json(&row.get::<String, _>(5))?,
        address: row.get::<String, _>(6).parse().ok(),
    })
}
