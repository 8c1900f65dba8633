//! Where a crowd connects: Rony, the floor or nginx with nchan, each with the same doors and the same frames.

use anyhow::{Context, Result, bail};
use uuid::Uuid;

use super::cores;
use super::nchan;
use super::peer::Peer;
use super::progress::Progress;
use super::socket::Door;
use super::usage::{self, Usage};
use crate::people::{self, Account};
use crate::server::{self, Nodes, Setup};
use crate::wire::PostFrame;
use crate::work::Work;

/// A running server that people can connect to.
#[derive(Debug)]
pub(crate) enum Hall {
    /// Rony on SQLite, with its defaults.
    Rony {
        /// The server.
        nodes: Nodes,
        /// Everybody.
        people: Vec<Account>,
        /// One conversation for each number of members that was asked for.
        conversations: Vec<Uuid>,
    },
    /// Something that knows neither people nor conversations: whoever connects gets everything.
    Peer {
        /// The server.
        peer: Peer,
        /// Where its WebSocket is.
        path: &'static str,
    },
}

impl Hall {
    /// Starts `subject`, with accounts for `people`, and one conversation of the first `members` of them for each number in
    /// `conversations`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) async fn open(
        subject: &str,
        work: &Work,
        (people, conversations): (usize, &[usize]),
        progress: &Progress,
    ) -> Result<Self> {
        match subject {
            "rony" => Self::open_rony(work, people, conversations, progress).await,
            "floor" => Ok(Self::Peer { peer: Peer::start_own("floor", work.path()).await?, path: "/" }),
            "nchan" => Ok(Self::Peer { peer: nchan::start(work.path()).await?, path: nchan::PATH }),
            other => bail!("nobody can connect to {other}"),
        }
    }

    async fn open_rony(work: &Work, count: usize, members: &[usize], progress: &Progress) -> Result<Self> {
        let database = format!("sqlite:{}", work.path().join("rony.db").display());
        progress.step(count as u64, "accounts made");
        let (people, conversations) = people::fill(&database, async |rony| {
            let mut people = Vec::with_capacity(count);
            for number in 0..count {
                people.push(people::enroll(rony, number, &format!("Person {number}")).await?);
                progress.one();
            }
            let users: Vec<Uuid> = people.iter().map(|account| account.user).collect();
            let mut conversations = Vec::new();
            for count in members {
                conversations.push(people::meet(rony, "the crowd", &users[..*count]).await?);
            }
            Ok((people, conversations))
        })
        .await?;
        let mut setup = Setup::new(server::program()?, &database, work.path());
        setup.core = Some(cores::SERVER);
        Ok(Self::Rony { nodes: Nodes::start(setup, 1).await?, people, conversations })
    }

    /// What this is beside Rony, where it is more than a part of this program.
    pub(crate) async fn in_words(&self) -> Option<String> {
        match self {
            Self::Peer { path: nchan::PATH, .. } => Some(nchan::in_words().await),
            _ => None,
        }
    }

    /// The doors of the first `count` people.
    ///
    /// # Errors
    /// When there are fewer.
    pub(crate) fn doors(&self, count: usize) -> Result<Vec<Door>> {
        let (port, path) = match self {
            Self::Rony { nodes, .. } => (nodes.ports()[0], "/api/v1/gateway"),
            Self::Peer { peer, path } => (peer.port(), *path),
        };
        let door = |number: usize| {
            let token = match self {
                Self::Rony { people, .. } => {
                    Some(people.get(number).context("there are not so many people")?.token.clone())
                }
                Self::Peer { .. } => None,
            };
            Ok(Door { port, path: path.to_owned(), token })
        };
        (0..count).map(door).collect()
    }

    /// What a client sends first, and is answered with a frame of its own: `hello`.
    pub(crate) const fn greeting(&self) -> Option<&'static str> {
        match self {
            Self::Rony { .. } => Some(r#"{"type":"resume"}"#),
            Self::Peer { .. } => None,
        }
    }

    /// What a client sends so that all of conversation number `conversation` get `text`.
    ///
    /// # Errors
    /// When there is no such conversation.
    pub(crate) fn speech(&self, conversation: usize, text: &str) -> Result<String> {
        let Self::Rony { conversations, .. } = self else { return Ok(as_large_as_an_event(text)) };
        let conversation_id = *conversations.get(conversation).context("there is no such conversation")?;
        let id = Uuid::new_v4();
        let post = PostFrame { r#type: "post", id, conversation_id, client_id: id, text };
        serde_json::to_string(&post).context("a post is plain data")
    }

    /// What the server has used so far.
    ///
    /// # Errors
    /// When it has ended.
    pub(crate) fn usage(&self) -> Result<Usage> {
        match self {
            Self::Rony { nodes, .. } => usage::of(nodes.process().context("the server has ended")?),
            Self::Peer { peer, .. } => usage::of(peer.id()?),
        }
    }

    /// Complains about a server that has ended by itself.
    ///
    /// # Errors
    /// When it has.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self {
            Self::Rony { nodes, .. } => nodes.check(),
            Self::Peer { peer, .. } => peer.check(),
        }
    }

    /// Asks the server to stop, and waits for it.
    ///
    /// # Errors
    /// When it had ended before, or does not stop in good order.
    pub(crate) async fn stop(self) -> Result<()> {
        match self {
            Self::Rony { nodes, .. } => nodes.stop().await,
            Self::Peer { peer, .. } => peer.stop().await,
        }
    }
}

/// A text with as much around it as Rony sends around a message, so that all servers move the same number of bytes.
fn as_large_as_an_event(text: &str) -> String {
    let id = Uuid::nil();
    format!(
        r#"{{"type":"event","stream":"{id}","event":{{"seq":100,"at":"2026-01-01T00:00:00.000Z","type":"message.posted","message":{{"id":"{id}","seq":100,"ordinal":100,"version":100,"posted_at":"2026-01-01T00:00:00.000Z","conversation_id":"{id}","sender_id":"{id}","client_id":"{id}","text":"{text}"}}}}}}"#
    )
}
