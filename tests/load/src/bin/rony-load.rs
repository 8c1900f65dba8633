//! `rony-load`: puts a running Rony under real load and judges what came out. Each subcommand is a module of its own name.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rony_load::replay;

/// Put Rony under load and check that it keeps its promises.
#[derive(Debug, Parser)]
#[command(name = "rony-load", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Replay(replay::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Replay(options) => replay::run(&options).await,
    };
    done.unwrap_or_else(|error| {
        eprintln!("rony-load: {error:#}");
        ExitCode::FAILURE
    })
}
