//! Rony inside your own axum application: under /chat, with the application's accounts, and telling it what happens.
//!
//! Run it with `cargo run -p rony-examples --bin embed -- 127.0.0.1:8080 ./embed-data`, and then
//! `curl -H 'x-user: ann' --json '{}' http://127.0.0.1:8080/chat/api/v1/sync`.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{env, net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use axum::{Router, http::request::Parts, routing::get};
use rony_core::actor::{Actor, Trusted};
use rony_server::{Server, auth::Authenticator, auth::Identity, config::Config};
use tokio::net::TcpListener;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Who sends a request. Here a header says it; your application looks into its own sessions.
struct HouseAccounts;

#[async_trait]
impl Authenticator for HouseAccounts {
    async fn authenticate(&self, request: &Parts) -> Result<Option<Identity>, BoxError> {
        let Some(user) = request.headers.get("x-user") else { return Ok(None) };
        Ok(Some(Identity::named(user.to_str()?.parse()?)))
    }
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let mut arguments = env::args().skip(1);
    let listener = TcpListener::bind(arguments.next().ok_or("say where to listen")?).await?;
    let address = listener.local_addr()?;
    let mut config = Config::default();
    config.data = arguments.next().ok_or("say where to keep the data")?.into();
    config.public_url = Some(format!("http://{address}/chat").parse()?);
    let server = Server::builder().config(config).authenticator(Arc::new(HouseAccounts)).build().await?;

    // An account of the application's own sees what its people see, as the gateway's frames.
    let (rony, system) = (server.rony(), Actor::trusted(Trusted::System));
    let house = rony.sessions().vouch_for_name(&system, &"house".parse()?, None).await?;
    let mut news = rony.streams().connect(&house, None, 1).await?.frames;
    tokio::spawn(async move {
        let mut frames = Vec::new();
        while news.next(&mut frames, 1).await > 0 {
            frames.drain(..).for_each(|frame| println!("{}", String::from_utf8_lossy(&frame)));
        }
    });

    println!("http://{address}/chat");
    let app = Router::new().route("/", get(|| async { "The house" })).nest("/chat", server.router());
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
            server.shutdown().await;
        })
        .await?;
    Ok(())
}
