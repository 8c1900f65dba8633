//! PostgreSQL is stopped and started again, its connections are cut, and it falls silent: the server says 503 with Retry-After
//! meanwhile, keeps within its pool, and goes on by itself.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Method, StatusCode, header};
use sqlx::{Connection, PgConnection};
use tokio::time::{Instant, sleep, timeout};

use crate::database::Database;
use crate::fault::client::Phase;
use crate::fault::cluster::Cluster;
use crate::fault::crew::Crew;
use crate::fault::people::People;
use crate::fault::proxy::Proxy;
use crate::fault::report::Report;
use crate::fault::scene::{HABITS, Scene, Stage};

/// How long it may take until posts are acknowledged when the database is back.
const AGAIN: Duration = Duration::from_secs(30);

/// How long it may take when connections do not end but fall silent: a transaction that does not end in 10 s is given up.
const AGAIN_AFTER_SILENCE: Duration = Duration::from_secs(45);

/// A request must be answered within this time, database or not: the time limit of requests, and a little.
const ANSWER: Duration = Duration::from_secs(35);

/// Connections that the server may have open: its pool.
const POOL: i64 = 20;

/// Plays it.
///
/// # Errors
/// When it cannot be played to its end.
pub(crate) async fn play(scene: &Scene, report: &mut Report) -> Result<()> {
    report.on("postgres");
    let mut cluster = Cluster::start().await?;
    let url = cluster.url();
    let database = Database::create(Some(&url), &scene.folder).await?;
    let people = People::make(database.url(), 16, 4).await?;
    let (mut proxy, through) = Proxy::start(database.url()).await?;
    let stage = Stage::open(scene, scene.setup(&through), &people, (16, 16), HABITS).await?;
    let (stops, cuts, silences) = (scene.size(10, 2), scene.size(20, 4), scene.size(3, 1));
    let all = (stops + cuts + silences) as u64;
    let token = people.tokens[0].clone();
    let played = stage.play(report, async |nodes, crew, report| {
        crew.phase(Phase::Posting);
        let (mut worst, mut probes) = (Duration::ZERO, Probes::default());
        for round in 0..stops {
            crew.world.board.round(round as u64, all);
            crew.acknowledged(50, AGAIN).await?;
            cluster.stop(if round % 2 == 0 { "QUIT" } else { "INT" }).await?;
            probes.ask(crew, &token, report).await?;
            cluster.start_again().await?;
            worst = worst.max(crew.acknowledged(50, AGAIN).await?);
            nodes.check()?;
        }
        for round in 0..cuts {
            crew.world.board.round((stops + round) as u64, all);
            proxy.cut();
            worst = worst.max(crew.acknowledged(20, AGAIN).await?);
        }
        let mut silent = Duration::ZERO;
        for round in 0..silences {
            crew.world.board.round((stops + cuts + round) as u64, all);
            proxy.silence();
            silent = silent.max(crew.acknowledged(50, AGAIN_AFTER_SILENCE).await?);
            nodes.check()?;
        }
        proxy.cut();
        crew.acknowledged(50, AGAIN).await?;
        let open = connections(&url).await?;
        report.expect(open <= POOL, || format!("the server has {open} connections open, more than {POOL}"));
        report.expect(probes.unavailable > 0, || "no request was answered with 503 meanwhile".into());
        report.detail("stops", stops);
        report.detail("cuts", cuts);
        report.detail("silences", silences);
        report.detail("unavailable_answers", probes.unavailable);
        report.detail("again_ms_worst", worst.as_millis() as u64);
        report.detail("again_after_silence_ms_worst", silent.as_millis() as u64);
        Ok(())
    });
    played.await?;
    drop(proxy);
    database.remove().await?;
    cluster.stop("QUIT").await
}

/// How many connections the server has open.
async fn connections(url: &str) -> Result<i64> {
    let mut connection = PgConnection::connect(url).await?;
    let count = "select count(*) from pg_stat_activity where application_name = 'rony'";
    Ok(sqlx::query_scalar(count).fetch_one(&mut connection).await?)
}

/// Requests while the database is away.
#[derive(Debug, Default)]
struct Probes {
    unavailable: u64,
}

impl Probes {
    /// Each request is answered in time: with 503 and the time to come again, or as if nothing were.
    async fn ask(&mut self, crew: &Crew, token: &str, report: &mut Report) -> Result<()> {
        let asked = [(Method::GET, "/me"), (Method::GET, "/conversations"), (Method::POST, "/sync")];
        for (method, path) in asked {
            let body = if method == Method::POST { Bytes::from_static(b"{}") } else { Bytes::new() };
            let (begun, url) = (Instant::now(), crew.world.url(path));
            let answer = timeout(ANSWER, crew.world.http.answer(method.clone(), &url, token, body));
            let answer = answer.await.with_context(|| format!("{path} is not answered in {ANSWER:?}"))??;
            let status = answer.status();
            let told = answer.headers().contains_key(header::RETRY_AFTER);
            self.unavailable += u64::from(status == StatusCode::SERVICE_UNAVAILABLE);
            report.expect(status.is_success() || (status == StatusCode::SERVICE_UNAVAILABLE && told), || {
                format!("without its database {method} {path} answered {status}, Retry-After: {told}")
            });
            pause_after(begun).await;
        }
        Ok(())
    }
}

/// Leaves at least a moment between two requests: the outage lasts about a second even when all is refused at once.
async fn pause_after(begun: Instant) {
    sleep(Duration::from_millis(300).saturating_sub(begun.elapsed())).await;
}
