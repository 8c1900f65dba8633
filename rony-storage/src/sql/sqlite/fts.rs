//! The search index in SQLite: FTS5 without content of its own, its rowids the positions.

use std::collections::HashMap;

use rony_core::search::{Clause, Query};
use sqlx::{AssertSqlSafe, Row, Sqlite, SqliteConnection};

use crate::sql::{
    dialect::SearchEntry,
    search::{PER_MILLI, position},
    values,
};

/// All clauses, each a phrase; `*` after the last word of one that is still being typed. Words are letters and digits only.
pub(super) fn match_expression(query: &Query) -> String {
    let phrase =
        |clause: &Clause| format!("\"{}\"{}", clause.words.join(" "), if clause.prefix { " *" } else { "" });
    query.clauses().iter().map(phrase).collect::<Vec<_>>().join(" AND ")
}

pub(super) async fn index(connection: &mut SqliteConnection, entries: &[SearchEntry]) -> sqlx::Result<()> {
    for entries in entries.chunks(values::MOST) {
        let mut rows = place(connection, entries).await?;
        // FTS5 gathers rows in memory as long as their rowids grow, and writes a segment, to be merged later, when one does not.
        rows.sort_unstable_by_key(|(position, _)| *position);
        let placed = insert(connection, &rows).await?;
        rows.retain(|(position, _)| placed.contains(position));
        insert_words(connection, &rows).await?;
    }
    Ok(())
}

pub(super) async fn reindex(connection: &mut SqliteConnection, entry: &SearchEntry) -> sqlx::Result<()> {
    let position = sqlx::query_scalar::<_, i64>(
        "update rony_search set link = $3 where conversation_id = $1 and seq = $2 returning position",
    )
    .bind(entry.conversation.uuid())
    .bind(entry.seq)
    .bind(entry.link)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(position) = position else { return index(connection, std::slice::from_ref(entry)).await };
    sqlx::query("delete from rony_search_words where rowid = $1")
        .bind(position)
        .execute(&mut *connection)
        .await?;
    insert_words(connection, &[(position, entry)]).await
}

/// Gives each entry the next free position of its millisecond.
async fn place<'e>(
    connection: &mut SqliteConnection,
    entries: &'e [SearchEntry],
) -> sqlx::Result<Vec<(i64, &'e SearchEntry)>> {
    let mut moments: Vec<_> = entries.iter().map(|entry| position(entry.at)).collect();
    moments.sort_unstable();
    moments.dedup();
    let sql = format!(
        "with v (moment) as (values {})
         select moment, (select max(position) from rony_search where position >= moment and position < moment + {PER_MILLI}) from v",
        values::rows::<Sqlite>(1, moments.len())
    );
    let query = values::padded(&moments).fold(sqlx::query(AssertSqlSafe(sql)), |query, at| query.bind(*at));
    let rows = query.fetch_all(connection).await?;
    let next = |row: &sqlx::sqlite::SqliteRow| {
        let (moment, last): (i64, Option<i64>) = (row.get(0), row.get(1));
        (moment, last.map_or(moment, |last| last + 1))
    };
    let mut next: HashMap<_, _> = rows.iter().map(next).collect();
    let placed = entries.iter().map(|entry| {
        let next = next.entry(position(entry.at)).or_default();
        *next += 1;
        (*next - 1, entry)
    });
    Ok(placed.collect())
}

/// Answers the positions that were taken: not those of entries that are there already.
async fn insert(connection: &mut SqliteConnection, rows: &[(i64, &SearchEntry)]) -> sqlx::Result<Vec<i64>> {
    let sql = format!(
        "with v (position, conversation_id, seq, sender_id, link) as (values {})
         insert into rony_search (position, conversation_id, seq, sender_id, link)
         select position, conversation_id, seq, sender_id, link from v where position is not null
         on conflict (conversation_id, seq) do nothing returning position",
        values::rows::<Sqlite>(5, rows.len())
    );
    let query = values::optional(rows).fold(sqlx::query_scalar(AssertSqlSafe(sql)), |query, row| {
        query
            .bind(row.map(|row| row.0))
            .bind(row.map(|row| row.1.conversation.uuid()))
            .bind(row.map(|row| row.1.seq))
            .bind(row.map(|row| row.1.sender.uuid()))
            .bind(row.map(|row| row.1.link))
    });
    query.fetch_all(connection).await
}

async fn insert_words(connection: &mut SqliteConnection, rows: &[(i64, &SearchEntry)]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "with v (position, words) as (values {}) insert into rony_search_words (rowid, words)
         select position, words from v where position is not null",
        values::rows::<Sqlite>(2, rows.len())
    );
    let query = values::optional(rows).fold(sqlx::query(AssertSqlSafe(sql)), |query, row| {
        query.bind(row.map(|row| row.0)).bind(row.map(|row| row.1.words.clone()))
    });
    query.execute(connection).await?;
    Ok(())
}
