//! A migration of a next version fails half-way: it rolls back whole, and the old version still starts, with everything that
//! was said. The first migration of all is tried too, on a database in which something is in its way.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rony_storage::Dialect;
use sqlx::migrate::{Migrate, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Pool, Postgres, Sqlite};
use tokio::process::Command;
use tokio::time::timeout;

use crate::database::Database;
use crate::fault::client::Phase;
use crate::fault::people::People;
use crate::fault::report::Report;
use crate::fault::scene::{HABITS, Scene, Stage};

/// How long posts may take to be acknowledged, and a server to fail.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a next version would do, and at the end cannot.
const BROKEN: &str = "create table rony_next (id integer primary key);
    insert into rony_next (id) values (1), (2), (3);
    update rony_messages set text = 'gone';
    delete from rony_sessions;
    insert into rony_next (id) values (1)";

/// Stands in the way of the first migration.
const IN_THE_WAY: &str = "rony_search";

/// Plays it.
///
/// # Errors
/// When it cannot be played to its end.
pub(crate) async fn play(scene: &Scene, report: &mut Report) -> Result<()> {
    first_migration(scene, report).await.context("with something in the way of the first migration")?;
    let database = scene.database().await?;
    let people = People::make(database.url(), 8, 2).await?;
    let stage = Stage::open(scene, scene.setup(database.url()), &people, (8, 8), HABITS).await?;
    let url = database.url().to_owned();
    let played = stage.play(report, async |nodes, crew, report| {
        crew.phase(Phase::Posting);
        crew.acknowledged(200, PATIENCE).await?;
        nodes.kill().await?;
        let before = tables(&url).await?;
        let failed = next_version(&url).await;
        report.expect(failed.is_err(), || "the broken migration was taken".into());
        report.expect(before == tables(&url).await?, || "the broken migration left tables behind".into());
        nodes.start_again()?;
        nodes.first_ready().await.context("the old version does not start")?;
        crew.acknowledged(100, PATIENCE).await.map(drop)
    });
    let played = played.await;
    database.remove().await?;
    played.map(drop)
}

/// The server does not start when its first migration fails, leaves nothing behind, and starts when the way is free.
async fn first_migration(scene: &Scene, report: &mut Report) -> Result<()> {
    let folder = scene.folder.join("first");
    std::fs::create_dir_all(&folder)?;
    let database = Database::create(scene.given.as_deref(), &folder).await?;
    execute(database.url(), &format!("create table {IN_THE_WAY} (id integer)")).await?;
    let ended = start(scene, database.url(), &folder).await?;
    report.expect(ended, || "the server started although its migration failed".into());
    let left = tables(database.url()).await?;
    let only = |table: &String| table == IN_THE_WAY || table == "rony_migrations";
    report.expect(left.iter().all(only), || format!("the first migration left {left:?} behind"));
    execute(database.url(), &format!("drop table {IN_THE_WAY}")).await?;
    let made = People::make(database.url(), 2, 1).await;
    report.expect(made.is_ok(), || format!("the migration does not run when the way is free: {made:?}"));
    database.remove().await
}

/// Starts a server that cannot; whether it ended by itself with an error.
async fn start(scene: &Scene, database: &str, folder: &Path) -> Result<bool> {
    let mut server = Command::new(&scene.program);
    server.arg("serve").arg("--data").arg(folder).args([
        "--database",
        database,
        "--port",
        "0",
        "--metrics",
        "off",
    ]);
    server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let mut server = server.spawn().context("the server cannot be started")?;
    match timeout(PATIENCE, server.wait()).await {
        Ok(ended) => Ok(!ended?.success()),
        Err(_) => Ok(false),
    }
}

/// Runs this version's migrations and a broken one after them, as a next version of the server would.
async fn next_version(url: &str) -> Result<()> {
    if url.starts_with("sqlite:") {
        let pool = Pool::<Sqlite>::connect(url).await?;
        migrate(&pool).await
    } else {
        let pool = Pool::<Postgres>::connect(url).await?;
        migrate(&pool).await
    }
}

async fn migrate<DB: Dialect>(pool: &Pool<DB>) -> Result<()>
where
    DB::Connection: Migrate,
{
    let broken = (i64::MAX, "broken", BROKEN);
    let all = DB::MIGRATIONS.iter().chain(std::iter::once(&broken)).map(|(version, name, sql)| {
        let sql = sqlx::SqlStr::from_static(sql);
        Migration::new(*version, (*name).into(), MigrationType::Simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(all.collect());
    migrator.dangerous_set_table_name("rony_migrations");
    let done = migrator.run(pool).await;
    pool.close().await;
    Ok(done?)
}

/// All tables, and how many migrations are noted.
async fn tables(url: &str) -> Result<Vec<String>> {
    let (tables, done) = if url.starts_with("sqlite:") {
        let pool = Pool::<Sqlite>::connect(url).await?;
        let list = "select name from sqlite_master where type = 'table' and name like 'rony%' order by 1";
        let tables: Vec<String> = sqlx::query_scalar(list).fetch_all(&pool).await?;
        let done: Result<i64, _> =
            sqlx::query_scalar("select count(*) from rony_migrations").fetch_one(&pool).await;
        pool.close().await;
        (tables, done)
    } else {
        let pool = Pool::<Postgres>::connect(url).await?;
        let list = "select tablename::text from pg_tables where tablename like 'rony%' order by 1";
        let tables: Vec<String> = sqlx::query_scalar(list).fetch_all(&pool).await?;
        let done: Result<i64, _> =
            sqlx::query_scalar("select count(*) from rony_migrations").fetch_one(&pool).await;
        pool.close().await;
        (tables, done)
    };
    match done {
        Ok(0) | Err(_) => Ok(tables),
        Ok(done) => Ok(tables.into_iter().chain([format!("{done} migrations")]).collect()),
    }
}

async fn execute(url: &str, statement: &str) -> Result<()> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let pool = Pool::<Sqlite>::connect(&format!("sqlite:{path}?mode=rwc")).await?;
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&pool).await?;
        pool.close().await;
        return Ok(());
    }
    ensure!(url.starts_with("postgres"), "no database of this kind is known");
    let pool = Pool::<Postgres>::connect(url).await?;
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&pool).await?;
    pool.close().await;
    Ok(())
}
