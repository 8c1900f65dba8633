//! What is written down of calls, one after the other, while they go on.

use std::{sync::Arc, time::Duration};

use rony_core::{
    Error, Result, Rony,
    call::EndCall,
    id::{CallId, UserId},
    time::{Clock, Timestamp},
};
use tokio::sync::{mpsc, oneshot};

use crate::error::chain;

/// How long to wait before what could not be written is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often it is tried. After that the call's lease ends, and the log says what it knows.
const TRIES: usize = 60;
/// How long the end of the server waits for what is not written yet.
const PATIENCE: Duration = Duration::from_secs(5);

/// Something to be written down.
pub(super) enum Note {
    /// Somebody accepted.
    Answered(CallId, UserId, Timestamp),
    /// A call is over.
    Ended(EndCall),
    /// It was none.
    Forget(CallId),
    /// All before this is written.
    Written(oneshot::Sender<()>),
}

/// The way to the job that writes.
pub(super) struct Ledger(mpsc::UnboundedSender<Note>);

impl Ledger {
    pub(super) fn open(rony: Rony, clock: Arc<dyn Clock>) -> Self {
        let (sender, notes) = mpsc::unbounded_channel();
        tokio::spawn(write_all(rony, clock, notes));
        Self(sender)
    }

    pub(super) fn note(&self, note: Note) {
        // Without the job the server has ended.
        let _ = self.0.send(note);
    }

    /// Waits until all is written that was noted so far, or too much time has passed.
    pub(super) async fn written(&self) {
        let (done, written) = oneshot::channel();
        self.note(Note::Written(done));
        let _ = tokio::time::timeout(PATIENCE, written).await;
    }
}

async fn write_all(rony: Rony, clock: Arc<dyn Clock>, mut notes: mpsc::UnboundedReceiver<Note>) {
    while let Some(note) = notes.recv().await {
        for _ in 0..TRIES {
            match write(&rony, &note).await {
                Err(Error::Unavailable { .. }) => clock.sleep(PAUSE).await,
                Err(error) => {
                    tracing::error!(cause = %chain(&error), "what became of a call could not be written down");
                    break;
                }
                Ok(()) => break,
            }
        }
        if let Note::Written(done) = note {
            let _ = done.send(());
        }
    }
}

async fn write(rony: &Rony, note: &Note) -> Result<()> {
    match note {
        Note::Answered(call, user, at) => rony.calls().answered(*call, *user, *at).await,
        Note::Ended(end) => rony.calls().end(end).await,
        Note::Forget(call) => rony.calls().forget(*call).await,
        Note::Written(_) => Ok(()),
    }
}
