//! What the database holds, seen from outside of the server.

use std::collections::BTreeMap;

use sqlx::{Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::world::World;

/// What a denial may change: it is kept for other purposes than what was asked for.
const LEFT_OUT: &[(&str, &[&str], &str)] = &[
    (
        "rony_sessions",
        &["last_used_at", "address", "user_agent"],
        "a credential was shown, from here, by this program",
    ),
    ("rony_users", &["last_seen_at"], "somebody was seen"),
    ("rony_attempts", &["*"], "tries are counted, above all those that fail"),
    ("rony_nodes", &["*"], "a node says that it is alive"),
    ("rony_room_leases", &["*"], "a node says that it drives a meeting, or the calls, or does so no more"),
    ("rony_calls", &["lease_until"], "a node says that it still drives a call"),
    ("rony_projector", &["*"], "how far a job is, which looks by itself"),
    ("rony_clock", &["*"], "ticks for nodes and jobs too"),
];

/// A line of the audit log that a denial may write: that somebody tried to sign in and was refused.
const REFUSED: &str = "action='session.refused'";

/// All tables of Rony, but for what is left out: a line for each row.
#[derive(PartialEq, Eq)]
pub(super) struct State(BTreeMap<String, Vec<String>>);

impl State {
    /// The rows that were not there before, and those that are gone.
    pub(super) fn difference(&self, before: &Self) -> String {
        let mut lines = Vec::new();
        for (table, rows) in &self.0 {
            let old = before.0.get(table).map_or(&[][..], Vec::as_slice);
            lines.extend(old.iter().filter(|row| !rows.contains(row)).map(|row| format!("- {table}: {row}")));
            lines.extend(rows.iter().filter(|row| !old.contains(row)).map(|row| format!("+ {table}: {row}")));
        }
        lines.join("\n      ")
    }
}

/// A second connection to the server's database.
pub(super) struct Database {
    connection: SqliteConnection,
    /// A statement for each table.
    tables: Vec<(String, String)>,
}

impl Database {
    pub(super) async fn open(world: &World) -> Self {
        let options = SqliteConnectOptions::new().filename(world.database()).read_only(true);
        let mut connection = SqliteConnection::connect_with(&options).await.expect("the server's database");
        let names =
            "select name from sqlite_master where type = 'table' and name like 'rony\\_%' escape '\\'";
        let names = sqlx::query(names).fetch_all(&mut connection).await.expect("tables");
        let mut tables = Vec::new();
        for name in names.iter().map(|row| row.get::<String, _>(0)) {
            if let Some(statement) = reading(&mut connection, &name).await {
                tables.push((name, statement));
            }
        }
        Self { connection, tables }
    }

    /// A number that is another one after each commit of the server.
    pub(super) async fn version(&mut self) -> i64 {
        let row =
            sqlx::query("pragma data_version").fetch_one(&mut self.connection).await.expect("a version");
        row.get(0)
    }

    pub(super) async fn state(&mut self) -> State {
        let mut state = BTreeMap::new();
        for (table, statement) in &self.tables {
            let statement = sqlx::query(sqlx::AssertSqlSafe(statement.clone()));
            let rows = statement.fetch_all(&mut self.connection).await.expect("rows");
            let lines = rows.iter().map(|row| row.get::<String, _>(0));
            state.insert(table.clone(), lines.filter(|line| !line.contains(REFUSED)).collect());
        }
        State(state)
    }
}

/// The statement that reads a table as lines; `None` where all of it is left out.
async fn reading(connection: &mut SqliteConnection, table: &str) -> Option<String> {
    let left_out =
        LEFT_OUT.iter().find(|(name, ..)| *name == table).map_or(&[][..], |(_, columns, _)| columns);
    if left_out == ["*"] {
        return None;
    }
    let columns = "select name from pragma_table_info($1)";
    let columns = sqlx::query(columns).bind(table).fetch_all(connection).await.expect("columns");
    let columns = columns.iter().map(|row| row.get::<String, _>(0));
    let shown: Vec<_> = columns
        .filter(|column| !left_out.contains(&column.as_str()))
        .map(|column| format!("'{column}=' || quote(\"{column}\")"))
        .collect();
    Some(format!("select {} as line from \"{table}\" order by line", shown.join(" || ' ' || ")))
}
