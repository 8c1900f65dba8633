//! `cargo xtask …`: every chore that a developer or CI runs, one small file each. No product code.

#![expect(clippy::print_stdout, reason = "what these commands print is their answer")]

mod bench;
mod ci;
mod fault;
mod node;
mod postgres;
mod process;
mod programs;
mod report;
mod serve;
mod setup;
mod soak;
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

use crate::test::{Browsers, Selection};

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
        /// In which browsers the web client is tried: all stories in Chromium, or one each in Firefox and WebKitGTK, too.
        #[arg(long, value_enum, default_value = "chromium")]
        browsers: Browsers,
        /// What the test programs are given, such as a part of a test's name.
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Check the house's rules that a compiler does not know.
    Tidy,
    /// Run everything that must hold before a change is taken in: tidy, fmt, clippy, rustdoc, cargo-deny, the
    /// web client's checks, the tests, and the quick forms of `bench` and `fault`.
    Ci,
    /// Measure Rony and what stands beside it in turn, and print one table with the ratios and the aims. Fails on
    /// loss and on crashes, never on a ratio.
    Bench {
        /// Only these benches [default: all]
        names: Vec<String>,
        /// Once and small, in a few minutes: whether everything works, and little about how fast
        #[arg(long)]
        quick: bool,
        /// How often each is measured; the table has the medians [default: 5 or 3, whatever the bench says; with --quick 1]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
        rounds: Option<u8>,
    },
    /// Break Rony on purpose, in every way or in those that are named, and check that it keeps its promises.
    Fault {
        /// kill, database, commit, disk, stall, clock, stampede, migration, bus, sync, schema or fuzz.
        names: Vec<String>,
        /// Small runs, all of them within some minutes; fuzz only when it is named.
        #[arg(long)]
        quick: bool,
        /// Repeats the chances of an earlier run, as far as time allows [default: new ones, whose seed is printed]
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
    },
    /// Have two people talk in a long call, in Chromium on the real server, and look whether memory, delay and loss are at its end what
    /// they were at its beginning. Fails on drift, and when the call breaks off.
    Soak {
        /// How long they talk [default: 30, with --quick 2]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        minutes: Option<u16>,
        /// Two minutes, on a server that builds sooner: whether everything works, and little about what creeps
        #[arg(long)]
        quick: bool,
    },
    /// Run a command with RONY_TEST_POSTGRES set to a throw-away PostgreSQL; without a command, keep one
    /// until Ctrl-C.
    Postgres {
        /// The command and its arguments.
        #[arg(last = true)]
        command: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let code = run().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    });
    report::repeat_skipped();
    code
}

fn run() -> Result<ExitCode> {
    let cli = Cli::parse();
    process::take_signals()?;
    match cli.chore {
        Chore::Serve { args } => serve::serve(&args),
        Chore::Dev => web::dev(),
        Chore::Test { packages, browsers, arguments } => {
            test::command(&Selection { packages, browsers, arguments })
        }
        Chore::Tidy => tidy::check().map(|good| if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
        Chore::Ci => ci::command(),
        Chore::Bench { names, quick, rounds } => bench::command(&names, quick, rounds),
        Chore::Fault { names, quick, seed } => fault::command(&names, quick, seed),
        Chore::Soak { minutes, quick } => soak::command(minutes, quick),
        Chore::Postgres { command } => postgres::with_command(&command),
    }
}
