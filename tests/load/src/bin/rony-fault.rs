//! `rony-fault`: breaks things on purpose and judges whether Rony kept its promises. Each subcommand is a module of its own
//! name.

use std::process::ExitCode;

use clap::Parser;
use rony_load::fault;

#[tokio::main]
async fn main() -> ExitCode {
    fault::run(fault::Options::parse()).await.unwrap_or_else(|error| {
        eprintln!("rony-fault: {error:#}");
        ExitCode::FAILURE
    })
}
