//! Brings what was committed from the write-ahead log into the database file, beside the writer.
//!
//! By itself SQLite does that within a commit, each time the log has grown by 1,000 pages: whoever happens to commit then waits for all
//! of it, and everybody behind waits too. Here a connection of its own does it once a second, while others commit, all but the last bit.

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, Connection as _, Pool, Row, Sqlite, SqliteConnection, sqlite::SqliteConnectOptions,
};
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use super::BUSY;

/// How often.
const PAUSE: Duration = Duration::from_secs(1);

/// Frames of a page each (4 KiB), after which the log begins anew. Under posts without a pause it never would: something is always added
/// behind what was brought over. Then the writer brings over the last bit.
const LONGEST_LOG: i64 = 16 * 1024;

/// How long the writer waits for that at most, where somebody still reads what stands in the log alone: then it is done later.
const WAIT: Duration = Duration::from_millis(20);

/// The task that does it, until this is dropped.
pub(crate) struct Checkpointer {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Checkpointer {
    /// Starts it on the current tokio runtime.
    pub(super) async fn start(connect: &SqliteConnectOptions, write: &Pool<Sqlite>) -> sqlx::Result<Self> {
        let connection = SqliteConnection::connect_with(connect).await?;
        let (stop, stopped) = oneshot::channel();
        Ok(Self { stop, task: tokio::spawn(run(connection, write.clone(), stopped)) })
    }

    /// Ends it, and its connection.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        let _ = self.task.await;
    }
}

async fn run(mut connection: SqliteConnection, write: Pool<Sqlite>, mut stopped: oneshot::Receiver<()>) {
    let mut second = interval(PAUSE);
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        tokio::select! {
            biased;
            _ = &mut stopped => break,
            _ = second.tick() => {}
        }
        let done = checkpoint(&mut connection, &write).await;
        if let Err(error) = &done
            && !failing
        {
            // Nothing is lost: the log keeps what was committed, and is read with the file.
            tracing::warn!(%error, "the write-ahead log cannot be brought into the database file yet");
        }
        failing = done.is_err();
    }
    let _ = connection.close().await;
}

async fn checkpoint(connection: &mut SqliteConnection, write: &Pool<Sqlite>) -> sqlx::Result<()> {
    if frames(connection, "passive").await? <= LONGEST_LOG {
        return Ok(());
    }
    // What was committed during the first, so that little is left for the writer.
    frames(connection, "passive").await?;
    begin_anew(write).await
}

/// Brings over the last bit, and lets the log begin anew. The writer does it in its turn: another connection would need the file's
/// lock, which SQLite asks for again and again with growing pauses, and so would the writer then: both mostly sleep.
async fn begin_anew(write: &Pool<Sqlite>) -> sqlx::Result<()> {
    let mut writer = write.acquire().await?;
    wait_at_most(&mut writer, WAIT).await?;
    let done = frames(&mut writer, "restart").await;
    wait_at_most(&mut writer, BUSY).await?;
    done.map(drop)
}

async fn wait_at_most(connection: &mut SqliteConnection, wait: Duration) -> sqlx::Result<()> {
    let pragma = AssertSqlSafe(format!("pragma busy_timeout = {}", wait.as_millis()));
    sqlx::query(pragma).execute(connection).await.map(drop)
}

/// How many frames the log has.
async fn frames(connection: &mut SqliteConnection, how: &'static str) -> sqlx::Result<i64> {
    let row =
        sqlx::query(AssertSqlSafe(format!("pragma wal_checkpoint({how})"))).fetch_one(connection).await?;
    Ok(row.get(1))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use sqlx::sqlite::SqliteSynchronous;
    use tempfile::TempDir;

    use super::{
        super::{connect, pool},
        *,
    };

    /// A log that is longer than it may be; the folder goes with what is answered.
    async fn long_log() -> sqlx::Result<(TempDir, SqliteConnection, Pool<Sqlite>)> {
        let folder = tempfile::tempdir().map_err(sqlx::Error::Io)?;
        let connect = connect(SqliteConnectOptions::new().filename(folder.path().join("rony.db")))
            .synchronous(SqliteSynchronous::Off)
            .pragma("wal_autocheckpoint", "0");
        let write = pool(1, BUSY).connect_with(connect.clone()).await?;
        sqlx::raw_sql("create table told (text blob)").execute(&write).await?;
        for _ in 0..=LONGEST_LOG / 1024 {
            tell(&write, 1024).await?;
        }
        Ok((folder, SqliteConnection::connect_with(&connect).await?, write))
    }

    async fn tell(write: &Pool<Sqlite>, pages: i64) -> sqlx::Result<()> {
        let told = sqlx::query("insert into told values (zeroblob($1))").bind(pages * 4096);
        told.execute(write).await.map(drop)
    }

    #[tokio::test]
    async fn a_log_that_is_too_long_begins_anew() -> sqlx::Result<()> {
        let (_folder, mut connection, write) = long_log().await?;
        assert!(frames(&mut connection, "passive").await? > LONGEST_LOG);
        checkpoint(&mut connection, &write).await?;
        tell(&write, 1).await?;
        assert!(frames(&mut connection, "passive").await? < 10);
        Ok(())
    }

    #[tokio::test]
    async fn whoever_reads_the_log_keeps_nobody_from_writing() -> sqlx::Result<()> {
        let (_folder, mut connection, write) = long_log().await?;
        let mut reader = SqliteConnection::connect_with(&write.connect_options()).await?;
        sqlx::raw_sql("begin").execute(&mut reader).await?;
        let told = "select count(*) from told";
        let before: i64 = sqlx::query_scalar(told).fetch_one(&mut reader).await?;
        tell(&write, 1).await?;
        let begun = Instant::now();
        checkpoint(&mut connection, &write).await?;
        // Not the ten seconds that the writer waits for others who write, nor has it forgotten those.
        assert!(begun.elapsed() < Duration::from_secs(5));
        let timeout: i64 = sqlx::query_scalar("pragma busy_timeout").fetch_one(&write).await?;
        assert_eq!(u128::try_from(timeout).unwrap_or_default(), BUSY.as_millis());
        tell(&write, 1).await?;
        checkpoint(&mut connection, &write).await?;
        assert_eq!(sqlx::query_scalar::<_, i64>(told).fetch_one(&mut reader).await?, before);
        sqlx::raw_sql("rollback").execute(&mut reader).await?;
        checkpoint(&mut connection, &write).await?;
        tell(&write, 1).await?;
        assert!(frames(&mut connection, "passive").await? < 10);
        Ok(())
    }
}
