//! The reference server of Rony.
//!
//! [`config`] is what an operator sets. [`error`] and [`extract`] are what every route stands on: whatever goes wrong
//! becomes a problem document, in one place. [`security`] looks at each request before a route does, [`telemetry`]
//! counts and logs it, [`listen`] brings it in, and [`drain`] ends all in good order. [`Server`] puts all together.

pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod docs;
pub mod doctor;
pub mod drain;
pub mod error;
pub mod extract;
pub mod first_start;
mod gateway;
pub mod health;
pub mod listen;
mod probe;
mod routes;
pub mod security;
mod server;
pub mod telemetry;
#[cfg(test)]
mod testing;
mod unread;

pub use server::{BuildError, Server, ServerBuilder};
