//! Everybody in a replay, and where they meet.

use anyhow::{Context, Result};
use uuid::Uuid;

use crate::people::{self, Account};
use crate::replay::cast::Cast;
use crate::replay::log::Log;

/// Everybody, and where they meet.
#[derive(Debug)]
pub(crate) struct Population {
    /// One account for each person of the cast.
    pub(crate) accounts: Vec<Account>,
    /// One conversation for each log.
    pub(crate) conversations: Vec<Uuid>,
}

/// Makes them in the database at `url`, which gets its tables by that.
///
/// # Errors
/// When the database or the domain refuses.
pub(crate) async fn make(url: &str, cast: &Cast, logs: &[Log]) -> Result<Population> {
    people::fill(url, async |rony| {
        let mut accounts = Vec::with_capacity(cast.nicks.len());
        for (number, nick) in cast.nicks.iter().enumerate() {
            let account = people::enroll(rony, number, nick).await;
            accounts.push(account.with_context(|| format!("no account could be made for {nick}"))?);
        }
        let mut conversations = Vec::with_capacity(logs.len());
        for (log, persons) in logs.iter().zip(&cast.logs) {
            let members: Vec<Uuid> = persons.iter().map(|person| accounts[*person].user).collect();
            let started = people::meet(rony, &log.name, &members).await;
            conversations
                .push(started.with_context(|| format!("no conversation could be started for {}", log.name))?);
        }
        Ok(Population { accounts, conversations })
    })
    .await
}
