//! The reference server of Rony: REST, the WebSocket gateway, configuration, and the binary `rony`.
//!
//! [`Server`] puts everything together. Its router serves alone or nested in another axum application, and
//! [`Server::rony`] has all use cases, for code in the same process. Everything has a default; what an operator may change
//! is in [`Config`](config::Config).
//!
//! ```
//! use axum::{Router, body::Body, http::{Request, StatusCode}};
//! use rony_server::{Server, config::Config};
//! use tower::ServiceExt as _;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let mut config = Config::default();
//! # config.data = folder.path().to_owned();
//! config.public_url = Some("http://localhost:8080/chat".parse()?);
//! let server = Server::builder().config(config).build().await?;
//!
//! // Mounted where the host application wants it; serve `app` as any other axum router.
//! let app = Router::new().nest("/chat", server.router());
//! let answer = app.oneshot(Request::get("/chat/health/live").body(Body::empty())?).await?;
//! assert_eq!(answer.status(), StatusCode::OK);
//!
//! // Tells clients to reconnect elsewhere, and stops what runs beside the routes.
//! server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Where things are
//!
//! | modules | what they do |
//! | --- | --- |
//! | [`config`] | what an operator sets: file, environment, flags |
//! | [`auth`] | who sends a request: Rony's own sessions and tokens, or the host application's [`Authenticator`](auth::Authenticator) |
//! | [`security`] | looks at each request as HTTP before a route does: address, host name, origin |
//! | [`error`], [`extract`] | what every route stands on: whatever goes wrong becomes a problem document, in one place |
//! | `content`, `intake`, `preview`, `tus` | the bytes of files: how they go out and come in, and small pictures of them |
//! | [`pages`] | the API shown to people, and what one-time links lead to |
//! | [`relay`] | the built-in STUN and TURN server of meetings |
//! | [`listen`], [`drain`] | how connections come in, and how all ends in good order |
//! | [`lan`], [`acme`] | HTTPS by itself: for a local network with an authority of the server's own, for a name on the internet by ACME |
//! | [`health`], [`telemetry`] | whether it is well, what it counts and logs |
//! | [`cli`], [`doctor`], [`first_start`] | the binary: its commands, what it can find out by itself, what it says at first |
//!
//! The routes themselves, one file a noun, and the gateway are private: the API is described at `/api/v1/openapi.json`,
//! the gateway in `docs/GATEWAY.md`.

pub mod acme;
pub mod app;
pub mod auth;
mod blobs;
mod calendar;
mod calls;
mod claim;
pub mod cli;
pub mod config;
mod content;
mod demo;
pub mod doctor;
pub mod drain;
pub mod error;
pub mod extract;
pub mod first_start;
mod gateway;
pub mod health;
mod intake;
pub mod lan;
pub mod listen;
mod meetings;
pub mod pages;
mod preview;
mod private_file;
mod probe;
pub mod relay;
mod routes;
pub mod security;
mod server;
pub mod telemetry;
#[cfg(test)]
mod testing;
mod tus;
mod unread;
mod web;

pub use server::{BuildError, Server, ServerBuilder};
