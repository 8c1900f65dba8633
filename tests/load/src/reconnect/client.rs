//! Somebody who was away: comes back, is told what moved, and reads what they missed.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::timeout;
use uuid::Uuid;

use crate::bench::socket::{Door, Socket};
use crate::http::Http;
use crate::wire::{Frame, SyncAnswer, SyncRequest};

/// How long somebody tries.
const PATIENCE: Duration = Duration::from_secs(60);

/// What somebody keeps while they are away.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) token: String,
    since: Option<String>,
    /// Where their streams stood.
    heads: HashMap<Uuid, i64>,
}

impl Client {
    pub(super) fn new(token: String) -> Self {
        Self { token, since: None, heads: HashMap::new() }
    }

    /// Connects; what moved, with the connection.
    pub(super) async fn connect(&mut self, port: u16, number: usize) -> Result<(Vec<Uuid>, Socket)> {
        let door = Door { port, path: "/api/v1/gateway".to_owned(), token: Some(self.token.clone()) };
        let mut socket = Socket::open(&door, number).await?;
        let since = self.since.as_ref().map(|since| format!(r#","since":"{since}""#)).unwrap_or_default();
        socket.send(&format!(r#"{{"type":"resume"{since}}}"#)).await?;
        let mut hello = None;
        while hello.is_none() {
            let keep = |frame: &[u8]| {
                if frame.starts_with(br#"{"type":"hello""#) {
                    hello = Some(frame.to_vec());
                }
            };
            timeout(PATIENCE, socket.read(keep)).await.context("nobody is greeted")??;
        }
        let hello = hello.unwrap_or_default();
        let hello: Frame<'_> = serde_json::from_slice(&hello).context("hello is not as documented")?;
        let moved = hello.moved.context("hello does not say what moved")?;
        let behind =
            moved.iter().filter(|head| self.heads.get(&head.id).is_none_or(|seen| head.head > *seen));
        let behind = behind.map(|head| head.id).collect();
        if self.since.is_none() {
            self.heads.extend(moved.iter().map(|head| (head.id, head.head)));
        }
        self.since = hello.since;
        Ok((behind, socket))
    }

    /// Comes back and reads everything: how many messages it had missed. Each stream must go on where it stood, number by number.
    pub(super) async fn catch_up(&mut self, port: u16, number: usize) -> Result<(u64, Socket)> {
        let (behind, socket) = self.connect(port, number).await?;
        let (http, mut messages) = (Http::new(), 0);
        let mut streams: HashMap<Uuid, i64> =
            behind.into_iter().map(|id| (id, self.heads.get(&id).copied().unwrap_or(0))).collect();
        while !streams.is_empty() {
            let url = format!("http://127.0.0.1:{port}/api/v1/sync");
            let answer = http.post(&url, &self.token, &SyncRequest { streams: streams.clone() }).await?;
            messages += self.read(&answer, &mut streams)?;
        }
        Ok((messages, socket))
    }

    /// Takes over what an answer has; streams that are whole leave `streams`.
    fn read(&mut self, answer: &[u8], streams: &mut HashMap<Uuid, i64>) -> Result<u64> {
        let answer: SyncAnswer<'_> = serde_json::from_slice(answer).context("sync is not as documented")?;
        let mut messages = 0;
        for stream in &answer.streams {
            ensure!(!stream.reset, "sync says reset");
            let mut last = streams.get(&stream.id).copied().context("sync answers what nobody asked")?;
            for event in &stream.events {
                ensure!(event.seq == last + 1, "after {last} comes {} in {}", event.seq, stream.id);
                last = event.seq;
                messages += u64::from(event.posted().is_some());
            }
            self.heads.insert(stream.id, last);
            ensure!(
                last >= stream.head || !stream.events.is_empty(),
                "sync stops at {last} of {}",
                stream.head
            );
            match last >= stream.head {
                true => streams.remove(&stream.id),
                false => streams.insert(stream.id, last),
            };
        }
        ensure!(!answer.streams.is_empty(), "sync answers nothing");
        Ok(messages)
    }
}
