//! The search index in PostgreSQL: a tsvector column, written and asked word by word, so that no parser of PostgreSQL's cuts
//! words in its own way.

use rony_core::search::{Clause, Query};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::sql::{
    dialect::SearchEntry,
    search::{PER_MILLI, position},
    values,
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
        vector.push_str(&format!("'{word}':{} ", index + 1));
    }
    vector
}

/// Inserts entries; `on_conflict` says what happens to those that are there.
pub(super) async fn write(
    connection: &mut PgConnection,
    entries: &[SearchEntry],
    on_conflict: &'static str,
) -> sqlx::Result<()> {
    for entries in entries.chunks(values::MOST) {
        let sql = format!(
            "with v (conversation_id, seq, position, sender_id, link, words) as (values {})
             insert into rony_search (conversation_id, seq, position, sender_id, link, words)
             select conversation_id, seq, position, sender_id, link, cast(words as tsvector) from v
             where conversation_id is not null
             on conflict (conversation_id, seq) do {on_conflict}",
            values::rows(6, entries.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for entry in values::optional(entries) {
            query = query
                .bind(entry.map(|entry| entry.conversation.uuid()))
                .bind(entry.map(|entry| entry.seq))
                .bind(entry.map(|entry| position(entry.at) + entry.seq % PER_MILLI))
                .bind(entry.map(|entry| entry.sender.uuid()))
                .bind(entry.map(|entry| entry.link))
                .bind(entry.map(|entry| vector(&entry.words)));
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}
