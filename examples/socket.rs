//! A WebSocket client for the terminal: it prints each frame that the gateway sends, and sends each line that you type.
//!
//! Run it with `cargo run -p rony-examples --bin socket -- ws://localhost:5000/api/v1/gateway TOKEN`.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::io::BufRead as _;

use anyhow::{Context as _, Result};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _, http::header::AUTHORIZATION};

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().context("the first argument is the gateway's address")?;
    let token = arguments.next().context("the second argument is a token")?;
    let mut request = url.into_client_request()?;
    request.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse()?);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
    socket.send(Message::text(r#"{"type":"resume"}"#)).await?;

    let mut typed = lines();
    loop {
        tokio::select! {
            received = socket.next() => match received {
                Some(Ok(Message::Text(frame))) => println!("{frame}"),
                Some(Ok(Message::Close(reason))) => println!("closed: {reason:?}"),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Ok(()),
            },
            // When nothing more can be typed, it goes on to listen.
            Some(line) = typed.recv() => socket.send(Message::text(line)).await?,
        }
    }
}

/// What is typed, line by line. Reading waits, so it has a thread of its own.
fn lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        let lines = std::io::stdin().lock().lines().map_while(Result::ok);
        lines.filter(|line| !line.is_empty()).try_for_each(|line| sender.blocking_send(line))
    });
    receiver
}
