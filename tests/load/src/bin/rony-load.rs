//! `rony-load`: puts a running Rony under real load and judges what came out. Each subcommand is a module of its own name.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rony_load::{
    bench, durable, fanout, files, floor, history, idle, login, meet, presence, reconnect, replay,
};
use tokio::runtime::{Builder, Runtime};

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
    /// One conversation, everybody connected: what a delivery costs, and how late it comes
    Fanout(bench::Options),
    /// Posts that are on disk when they are acknowledged, beside plain inserts of the same rows
    Durable(bench::Options),
    /// Everybody signs in at once while others chat, beside argon2 alone
    Login(bench::Options),
    /// Everybody drops, misses messages, and comes back at once; beside plain reads of the same rows
    Reconnect(bench::Options),
    /// Thousands come online, and a few hundred watch each other
    Presence(bench::Options),
    /// Two thousand people in five hundred rooms signal at once
    Meet(bench::Options),
    /// Reading in a conversation of a million messages, beside one of a thousand
    History(bench::Options),
    /// Files up and down, and a large folder listed; beside nginx, and beside the disk and the hash alone
    Files(bench::Options),
    Floor(floor::Options),
    /// Many connections on which nothing happens: what each costs in memory
    Idle(bench::Options),
    /// Name the benches, and what each measures beside Rony, as JSON
    List,
}

fn main() -> ExitCode {
    run(Arguments::parse().command).unwrap_or_else(|error| {
        eprintln!("rony-load: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Replay(options) => every_core()?.block_on(replay::run(&options)),
        Command::Fanout(options) => one_core()?.block_on(fanout::run(&options)),
        Command::Durable(options) => every_core()?.block_on(durable::run(&options)),
        Command::Login(options) => every_core()?.block_on(login::run(&options)),
        Command::Reconnect(options) => one_core()?.block_on(reconnect::run(&options)),
        Command::Presence(options) => one_core()?.block_on(presence::run(&options)),
        Command::Meet(options) => one_core()?.block_on(meet::run(&options)),
        Command::History(options) => every_core()?.block_on(history::run(&options)),
        Command::Files(options) => every_core()?.block_on(files::run(&options)),
        Command::Floor(options) => every_core()?.block_on(floor::run(&options)),
        Command::Idle(options) => one_core()?.block_on(idle::run(&options)),
        Command::List => bench::list(),
    }
}

fn every_core() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().build()
}

/// The load of a bench has one core to itself, so it has one thread.
fn one_core() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}
