//! The search index in PostgreSQL: a tsvector column, written and asked word by word, so that no parser of PostgreSQL's cuts
//! words in its own way.

use std::fmt::Write as _;

use rony_core::search::{Clause, Query};
use sqlx::{AssertSqlSafe, PgConnection};

use super::posting::column;
use crate::sql::{
    dialect::SearchEntry,
    search::{PER_MILLI, position},
};

/// All clauses, each a phrase; `:*` after the last word of one that is still being typed. Words are letters and digits only.
pub(super) fn match_expression(query: &Query) -> String {
    let phrase = |clause: &Clause| {
        let words: Vec<_> = clause.words.iter().map(|word| format!("'{word}'")).collect();
        format!("({}{})", words.join(" <-> "), if clause.prefix { ":*" } else { "" })
    };
    query.clauses().iter().map(phrase).collect::<Vec<_>>().join(" & ")
}

/// Words as the input form of a tsvector, with their places.
fn vector(words: &str) -> String {
    let mut vector = String::with_capacity(words.len() * 2);
    for (index, word) in words.split_ascii_whitespace().enumerate() {
        let _ = write!(vector, "'{word}':{} ", index + 1);
    }
    vector
}

/// Inserts entries, with one statement whatever their number; `on_conflict` says what happens to those that are there.
pub(super) async fn write(
    connection: &mut PgConnection,
    entries: &[SearchEntry],
    on_conflict: &'static str,
) -> sqlx::Result<()> {
    let sql = format!(
        "insert into rony_search (conversation_id, seq, position, sender_id, link, words)
         select v.conversation_id, v.seq, v.position, v.sender_id, v.link, cast(v.words as tsvector)
         from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::uuid[], $5::boolean[], $6::text[])
             v (conversation_id, seq, position, sender_id, link, words)
         on conflict (conversation_id, seq) do {on_conflict}"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(column(entries, |entry| entry.conversation.uuid()))
        .bind(column(entries, |entry| entry.seq))
        .bind(column(entries, |entry| position(entry.at) + entry.seq % PER_MILLI))
        .bind(column(entries, |entry| entry.sender.uuid()))
        .bind(column(entries, |entry| entry.link))
        .bind(column(entries, |entry| vector(&entry.words)))
        .execute(connection)
        .await?;
    Ok(())
}
