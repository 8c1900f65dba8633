//! `cargo xtask …`: every chore that a developer or CI runs, one small file each. No product code.

#![expect(clippy::print_stdout, reason = "what these commands print is their answer")]

mod postgres;
mod process;
mod setup;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The chores of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Run a command with RONY_TEST_POSTGRES set to a throw-away PostgreSQL; without a command, keep one until Ctrl-C.
    Postgres {
        /// The command and its arguments.
        #[arg(last = true)]
        command: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run() -> Result<ExitCode> {
    let cli = Cli::parse();
    process::take_signals()?;
    match cli.chore {
        Chore::Postgres { command } => postgres::with_command(&command),
    }
}
