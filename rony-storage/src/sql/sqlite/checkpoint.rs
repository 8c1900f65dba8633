//! Brings what was committed from the write-ahead log into the database file, beside the writer.
//!
//! By itself SQLite does that within a commit, each time the log has grown by 1,000 pages: whoever happens to commit then waits for all
//! of it, and everybody behind waits too. Here a connection of its own does it once a second, while others commit.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

/// How often.
const PAUSE: Duration = Duration::from_secs(1);

/// Frames of a page each (4 KiB), after which the log begins anew. Under posts without a pause it never would: something is always added
/// behind what was brought over. Then the writer waits for the last bit.
const LONGEST_LOG: i64 = 16 * 1024;

/// How long the writer waits for that at most, where somebody still reads what stands in the log alone: then it is done later.
const WAIT: Duration = Duration::from_millis(100);

/// The task that does it, until this is dropped.
pub(crate) struct Checkpointer {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Checkpointer {
    /// Starts it on the current tokio runtime.
    pub(super) async fn start(connect: &SqliteConnectOptions) -> sqlx::Result<Self> {
        let connection = SqliteConnection::connect_with(&connect.clone().busy_timeout(WAIT)).await?;
        let (stop, stopped) = oneshot::channel();
        Ok(Self { stop, task: tokio::spawn(run(connection, stopped)) })
    }

    /// Ends it, and its connection.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        let _ = self.task.await;
    }
}

async fn run(mut connection: SqliteConnection, mut stopped: oneshot::Receiver<()>) {
    let mut second = interval(PAUSE);
    second.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        tokio::select! {
            biased;
            _ = &mut stopped => break,
            _ = second.tick() => {}
        }
        let done = checkpoint(&mut connection).await;
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

async fn checkpoint(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    if frames(connection, "passive").await? > LONGEST_LOG {
        frames(connection, "restart").await?;
    }
    Ok(())
}

/// How many frames the log has.
async fn frames(connection: &mut SqliteConnection, how: &'static str) -> sqlx::Result<i64> {
    let row =
        sqlx::query(AssertSqlSafe(format!("pragma wal_checkpoint({how})"))).fetch_one(connection).await?;
    Ok(row.get(1))
}
