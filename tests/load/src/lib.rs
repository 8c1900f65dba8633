//! Puts a running Rony under real load and judges what came out. Each module that a program has as its subcommand is the
//! subcommand's name; the others are what they share.
//!
//! ```no_run
//! # async fn run() -> anyhow::Result<()> {
//! use clap::Parser;
//!
//! /// The programs of this package are no more than this: options, and the function that they go to.
//! #[derive(Parser)]
//! struct Arguments {
//!     #[command(flatten)]
//!     options: rony_load::replay::Options,
//! }
//!
//! rony_load::replay::run(&Arguments::parse().options).await?;
//! # Ok(())
//! # }
//! ```

#![expect(clippy::disallowed_methods, reason = "clients and servers under load live in real time")]

pub mod bench;
mod database;
pub mod durable;
pub mod fanout;
pub mod fault;
pub mod files;
pub mod floor;
pub mod history;
mod http;
pub mod idle;
pub mod login;
pub mod meet;
mod os;
mod people;
pub mod presence;
pub mod reconnect;
pub mod replay;
mod server;
#[cfg(test)]
mod shared;
mod text;
mod wire;
mod work;
