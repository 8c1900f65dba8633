//! `cargo xtask …`: every chore that a developer or CI runs, one small file each. No product code.

#![expect(clippy::print_stdout, reason = "what these commands print is their answer")]

mod ci;
mod node;
mod postgres;
mod process;
mod report;
mod serve;
mod setup;
mod summary;
mod test;
mod tidy;
mod vitest;
mod web;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::test::Selection;

/// The chores of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build the web client if it changed and the release server, and run it; the data is kept in ./rony-data unless ARGS say otherwise.
    Serve {
        /// Arguments of `rony serve`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// Work on the web client: the server with data of its own in ./rony-dev-data, and the page, which shows each change at once.
    Dev,
    /// Run every test, in a browser too, on SQLite and on a throw-away PostgreSQL.
    Test {
        /// Only this package's tests; may be repeated. The web client is `rony-web`, its stories in a browser `rony-browser`.
        #[arg(short, long = "package", value_name = "P")]
        packages: Vec<String>,
        /// What the test programs are given, such as a part of a test's name.
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Check the house's rules that a compiler does not know.
    Tidy,
    /// Run everything that must hold before a change is taken in: tidy, fmt, clippy, rustdoc, cargo-deny, the
    /// web client's checks, the tests.
    Ci,
    /// Run a command with RONY_TEST_POSTGRES set to a throw-away PostgreSQL; without a command, keep one
    /// until Ctrl-C.
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
        Chore::Serve { args } => serve::serve(&args),
        Chore::Dev => web::dev(),
        Chore::Test { packages, arguments } => test::command(&Selection { packages, arguments }),
        Chore::Tidy => tidy::check().map(|good| if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
        Chore::Ci => ci::command(),
        Chore::Postgres { command } => postgres::with_command(&command),
    }
}
