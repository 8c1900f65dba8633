//! The reference server of Rony.
//!
//! [`config`] is what an operator sets. [`error`] and [`extract`] are what every route stands on: whatever goes wrong
//! becomes a problem document, in one place. [`security`] looks at each request before a route does.

pub mod app;
pub mod config;
pub mod error;
pub mod extract;
mod routes;
pub mod security;
