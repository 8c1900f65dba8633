//! A bot that repeats what it hears, in every conversation that it is in.
//!
//! An administrator makes the bot's account and a token with the scopes `read` and `write`. Run it with
//! `RONY_URL=ws://localhost:5000/api/v1/gateway RONY_TOKEN=… cargo run -p rony-examples --bin bot`.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use rony_core::message::Message;
use rony_core::wire::{Event, ServerFrame, StreamEvent};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, client::IntoClientRequest as _, http::header::AUTHORIZATION};

#[tokio::main]
async fn main() -> Result<()> {
    let url = std::env::var("RONY_URL").context("RONY_URL is the gateway's address")?;
    let token = std::env::var("RONY_TOKEN").context("RONY_TOKEN is the bot's token")?;
    let mut request = url.into_client_request()?;
    request.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse()?);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
    socket.send(text(&json!({"type": "resume"}))).await?;

    let mut me = None;
    while let Some(message) = socket.next().await {
        let tungstenite::Message::Text(frame) = message? else { continue };
        match serde_json::from_str(&frame)? {
            ServerFrame::Hello(hello) => {
                me = Some(hello.user_id);
                println!("listening");
            }
            ServerFrame::Event { event, .. } if event.event == Event::Stream(StreamEvent::Posted) => {
                // To answer oneself would never end.
                if let Some(heard) = event.message.filter(|heard| Some(heard.sender_id) != me) {
                    socket.send(text(&echo(&heard))).await?;
                }
            }
            ServerFrame::Error(failed) => bail!("{}: {}", failed.code, failed.detail),
            _ => {}
        }
    }
    bail!("the server ended the connection")
}

/// The answer has the id of what it answers as its `client_id`: sent a second time, after a crash, it is still there once.
fn echo(heard: &Message) -> Value {
    json!({
        "type": "post", "id": heard.seq, "conversation_id": heard.conversation_id,
        "client_id": heard.id, "text": heard.text, "reply_to": heard.id,
    })
}

fn text(frame: &Value) -> tungstenite::Message {
    tungstenite::Message::text(frame.to_string())
}
