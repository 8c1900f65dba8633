//! `rony migrate`: for whoever wants the tables changed at a moment of their choice, and not at the next start.

use std::process::ExitCode;

use anyhow::Result;
use rony_storage::inspect;

use super::say;
use crate::config::{self, Flags, Sources};
use crate::server::open_store;

/// Makes the changes that are due, and says how many there were.
pub(super) async fn run(flags: Flags<false>) -> Result<ExitCode> {
    let config = config::load(&Sources::of_process(flags))?.config;
    let url = config.database_url();
    let before = inspect(url.expose()).await?.map_or(0, |inspection| inspection.applied);
    open_store(&config).await?;
    let after = inspect(url.expose()).await?.map_or(0, |inspection| inspection.applied);
    say(match after.saturating_sub(before) {
        0 => format!("The tables in {url} were up to date."),
        1 => format!("One change was made to the tables in {url}. They are up to date now."),
        changes => format!("{changes} changes were made to the tables in {url}. They are up to date now."),
    })?;
    Ok(ExitCode::SUCCESS)
}
