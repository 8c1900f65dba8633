//! The bus: how the nodes of an installation tell each other what happened, as fast as they can and no more.
//!
//! It may drop, double, delay and reorder: what is durable is found through the database all the same (the hub asks it
//! which streams moved), so a bus that loses everything makes Rony slower, never wrong. Typing is carried by nothing else,
//! and is lost with it. [`LocalBus`] joins the nodes of one process, of which there is mostly one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::broadcast;

use crate::{
    id::{ConversationId, NodeId, UserId},
    stream::{Envelope, Head, StreamId},
};

/// What nodes tell each other.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Signal {
    /// A stream moved to this head. Nothing more is needed.
    Moved(Head),
    /// The event itself, which saves the other nodes a look into the database.
    Event(Arc<Envelope>),
    /// Somebody is typing.
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        user_id: UserId,
    },
    /// Mail waits for a node in the database: see [`crate::room::Mail`].
    Mail(NodeId),
    /// Something that has no number, for whoever reads a stream and has it in view.
    Ephemeral {
        /// The stream.
        stream: StreamId,
        /// The gateway frame.
        frame: Bytes,
    },
}

/// The port. Neither method ever blocks for long or fails: a lost signal is a slower one.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Tells the other nodes.
    fn publish(&self, from: NodeId, signal: Signal);

    /// Starts to listen to what nodes other than `node` tell from now on.
    fn listen(&self, node: NodeId) -> Box<dyn Listener>;
}

/// One node's end of a bus.
#[async_trait]
pub trait Listener: Send {
    /// The next signal; `None` when the bus is gone for good.
    async fn next(&mut self) -> Option<Signal>;
}

/// The bus within one process. A node that is alone, as most are, is not woken by what it tells itself.
#[derive(Default)]
pub struct LocalBus(Mutex<Vec<(NodeId, broadcast::Sender<Signal>)>>);

/// Signals that may wait for a node; past that it misses the oldest.
const WAITING: usize = 1024;

impl LocalBus {
    fn nodes(&self) -> MutexGuard<'_, Vec<(NodeId, broadcast::Sender<Signal>)>> {
        // A panic while it was held leaves a plain list behind, which is as good as before.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bus for LocalBus {
    fn publish(&self, from: NodeId, signal: Signal) {
        for (_, others) in self.nodes().iter().filter(|(node, _)| *node != from) {
            // An error says that the node has stopped to listen.
            let _ = others.send(signal.clone());
        }
    }

    fn listen(&self, node: NodeId) -> Box<dyn Listener> {
        let (sender, signals) = broadcast::channel(WAITING);
        let mut nodes = self.nodes();
        nodes.retain(|(_, listening)| listening.receiver_count() > 0);
        nodes.push((node, sender));
        Box::new(LocalListener { signals })
    }
}

struct LocalListener {
    signals: broadcast::Receiver<Signal>,
}

#[async_trait]
impl Listener for LocalListener {
    async fn next(&mut self) -> Option<Signal> {
        loop {
            match self.signals.recv().await {
                Ok(signal) => return Some(signal),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
