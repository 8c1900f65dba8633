//! `rony-load`: puts a running Rony under real load and judges what came out. Each subcommand is a file of its own name.

#![expect(clippy::disallowed_methods, reason = "clients and servers under load live in real time")]

mod accounts;
mod audit;
mod board;
mod cast;
mod conductor;
mod database;
mod drops;
mod expect;
mod http;
mod live;
mod log;
mod member;
mod model;
mod os;
mod play;
mod replay;
mod report;
mod server;
#[cfg(test)]
mod shared;
mod watcher;
mod wire;
mod work;
mod world;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
