//! How far the search index is behind when posting ends: a rate that leaves work for later is none that lasts.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::chat::Chat;
use super::ground::Server;
use super::pairs::Pair;
use super::report::Report;
use crate::http::Http;
use crate::people::Account;

/// How long it may take until a search finds everything.
const PATIENCE: Duration = Duration::from_secs(300);

/// Between two searches.
const PAUSE: Duration = Duration::from_millis(20);

/// Among so many of those that a search finds first the newest number is looked for. It finds first what came last, and another one that came
/// at the same time may have a higher number: as many as post into one conversation at once, each of whom waits for the last ack.
/// Not more: to find them is work for the server, which is still behind.
pub(crate) const NEWEST: u64 = 32;

/// A conversation in which somebody can search.
pub(crate) struct Place<'p> {
    /// The conversation.
    pub(crate) conversation: Uuid,
    /// Who can.
    pub(crate) member: &'p Account,
    /// How many messages it has.
    pub(crate) messages: i64,
}

/// What was left for later.
pub(crate) struct Debt {
    /// Messages that a search did not find.
    missing: i64,
    /// Until it found the last of them.
    took: Duration,
}

impl Debt {
    /// Notes it as figures of `case`.
    pub(crate) fn note(&self, case: &str, report: &mut Report) {
        report.figure(case, "not in the search index yet at the end", "", self.missing as f64);
        report.figure(case, "until a search finds all of them", "s", self.took.as_secs_f64());
    }
}

/// Those conversations of `pairs` that have messages: how many is in `messages`.
pub(crate) fn places<'p>(pairs: &'p [Pair], messages: &HashMap<Uuid, i64>) -> Vec<Place<'p>> {
    let place = |(conversation, messages): (&Uuid, &i64)| {
        let pair = pairs.iter().find(|pair| pair.conversations.contains(conversation))?;
        Some(Place { conversation: *conversation, member: &pair.sender, messages: *messages })
    };
    messages.iter().filter_map(place).collect()
}

/// What the search index of `server` owes to what `chat` has posted among `pairs`; it owes nothing any more then.
///
/// # Errors
/// As [`wait`].
pub(crate) async fn of_chat(server: &Server, chat: &Chat, pairs: &[Pair]) -> Result<Debt> {
    let (http, places) = (Http::new(), places(pairs, &chat.posted()));
    wait(&places, async |place: &Place<'_>| newest_found(&http, server.port(), place).await).await
}

/// Asks at once how many messages of the `places` are not in the index yet, and then again and again until none is missing.
/// `newest` is the number of the newest message of a place that a search finds, 0 where it finds none; numbers start at 1. Messages go
/// into the index in their order, so those before it are found too.
///
/// # Errors
/// When a search fails, or the index does not follow.
pub(crate) async fn wait(
    places: &[Place<'_>],
    newest: impl AsyncFn(&Place<'_>) -> Result<i64>,
) -> Result<Debt> {
    let began = Instant::now();
    let found = try_join_all(places.iter().map(|place| newest(place))).await?;
    let missing: i64 = places.iter().zip(found).map(|(place, newest)| (place.messages - newest).max(0)).sum();
    for place in places {
        while newest(place).await? < place.messages {
            ensure!(began.elapsed() < PATIENCE, "the search index is still behind after {PATIENCE:?}");
            sleep(PAUSE).await;
        }
    }
    Ok(Debt { missing, took: began.elapsed() })
}

/// The number of the newest message that a search in a place finds, by the server at `port`.
///
/// # Errors
/// When it does not answer.
async fn newest_found(http: &Http, port: u16, place: &Place<'_>) -> Result<i64> {
    let conversation = place.conversation;
    let url = format!(
        "http://127.0.0.1:{port}/api/v1/search?conversation={conversation}&type=messages&limit={NEWEST}"
    );
    let answer: Value = serde_json::from_slice(&http.get(&url, &place.member.token).await?)?;
    let found = answer["messages"]["items"].as_array().context("a search is not answered as expected")?;
    let number = |hit: &Value| hit["message"]["ordinal"].as_i64().context("a message has no number");
    found.iter().map(number).try_fold(0, |newest, number| Ok(newest.max(number?)))
}
