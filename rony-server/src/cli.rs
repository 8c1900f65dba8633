//! The commands of the `rony` binary. Each reads the configuration, calls the library, and says what came of it.

mod blobs;
mod doctor;
mod migrate;
mod serve;
mod user;

use std::future::Future;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use rony_core::actor::{Actor, Trusted};

use crate::config::Flags;
use crate::error::chain;

/// Who sits at the server's command line acts for the server itself.
const SYSTEM: Actor = Actor::trusted(Trusted::System);

/// Chat for your team, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "rony", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    Serve {
        /// Fill an empty data folder with sample people and conversations, to look around in
        #[arg(long)]
        demo: bool,
        #[command(flatten)]
        settings: Flags<true>,
    },
    /// Make, list and switch off accounts
    #[command(subcommand)]
    User(user::UserCommand),
    /// Bring the tables of the database to this version (the server does it too, when it starts)
    Migrate(Flags<false>),
    /// Look after the bytes of people's files
    #[command(subcommand)]
    Blobs(blobs::BlobsCommand),
    /// Check configuration, database, disk, clock and the way through public_url, and say what to do
    Doctor(Flags<true>),
}

/// Runs the command that the process was started with. The exit code is 0 when it did what it should, 2 when it was
/// called in a wrong way, and 1 otherwise.
pub fn main() -> ExitCode {
    let command = Cli::parse().command;
    // Whatever is written from here on, the database included, is for this user's eyes only.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let outcome = match command {
        Command::Serve { demo, settings } => in_runtime(serve::run(settings, demo)),
        Command::User(command) => in_runtime(user::run(command)),
        Command::Migrate(flags) => in_runtime(migrate::run(flags)),
        Command::Blobs(command) => in_runtime(blobs::run(command)),
        Command::Doctor(flags) => in_runtime(doctor::run(flags)),
    };
    outcome.unwrap_or_else(|error| {
        // When even the error stream is closed, the exit code has to say it all.
        let _ = writeln!(io::stderr(), "rony: {}", chain(error.as_ref()));
        ExitCode::FAILURE
    })
}

fn in_runtime(command: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("the threads that Rony works on could not be started")?.block_on(command)
}

/// Prints what the command was called for.
fn say(text: impl std::fmt::Display) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).context("the output could not be written")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_and_their_flags_do_not_clash() {
        Cli::command().debug_assert();
    }
}
