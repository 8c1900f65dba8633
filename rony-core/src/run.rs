//! What a node does by itself, as long as it runs.

use std::time::Duration;

use crate::{Error, Result, Rony, bus::Signal, presence, projection::Projected, stream::Since};

/// How long a loop waits after the database did not answer.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// How long a piece of a loop's work may take.
const LONGEST: Duration = Duration::from_secs(30);
/// How long looking after uploads may take: a large file that was left is read once more.
const UPLOADS: Duration = Duration::from_secs(60 * 60);
/// A revocation reaches every socket within a second: this, and what it takes to ask and to close.
const REVOCATIONS: Duration = Duration::from_millis(500);
/// How often the sessions of the connected are looked at.
const CONNECTED: Duration = Duration::from_secs(30);
/// How often others' read marks are shown.
const MARKS: Duration = Duration::from_secs(1);
/// Where people post now and then, a message is found by a search, and told of in notifications, so long after it was posted, and a little.
const PROJECTION: Duration = Duration::from_millis(250);
/// The same where several messages come within that: a step costs much more than each message in it, and who posts shares a core and the writer with it.
const PROJECTION_WHILE_BUSY: Duration = Duration::from_secs(1);
/// A reminder comes when it is due, and at most this much later.
const REMINDING: Duration = Duration::from_secs(5);
/// How often calls are looked for whose server was killed.
const CALLS: Duration = Duration::from_secs(5);
/// How often bytes are removed that nobody can reach any more.
const COLLECTING: Duration = Duration::from_secs(60);
/// How often what nobody needs any more is removed.
const CLEARING: Duration = Duration::from_secs(60 * 60);

impl Rony {
    /// Keeps the node in step with the database and with the other nodes, until it is dropped: fills gaps, looks for what
    /// moved, cuts what was revoked, tells who is present. Run it once beside everything else. Without it live events of
    /// this process flow, but nothing that was missed is found again.
    pub async fn run(&self) {
        tokio::join!(
            self.fill_gaps(),
            self.look_for_moves(),
            self.hear_others(),
            self.regularly(REVOCATIONS, || async { self.sessions().poll_revocations().await }),
            self.regularly(CONNECTED, || async { self.sessions().tend_connected().await }),
            self.regularly(presence::BEAT, || async { self.presence().tick().await }),
            self.regularly(MARKS, || async {
                self.reads().flush();
                Ok(())
            }),
            self.project(),
            self.regularly(REMINDING, || async { self.meetings().remind().await.map(|_| ()) }),
            self.regularly(COLLECTING, || async { self.files().collect().await }),
            self.regularly_within(UPLOADS, COLLECTING, || async { self.uploads().collect().await }),
            self.regularly(CLEARING, || async { self.shares().collect().await }),
            self.regularly(CLEARING, || async { self.rooms().collect().await }),
            self.regularly(CALLS, || async { self.calls().collect().await }),
            self.regularly(CLEARING, || async { self.sessions().prune().await }),
        );
    }

    /// Does `work` now and after each `pause`. What fails is done again later: the database is away.
    async fn regularly<F: Future<Output = Result<()>>>(&self, pause: Duration, work: impl Fn() -> F) {
        self.regularly_within(LONGEST, pause, work).await;
    }

    /// As [`Self::regularly`], for work that may take longer than other pieces.
    async fn regularly_within<F: Future<Output = Result<()>>>(
        &self,
        longest: Duration,
        pause: Duration,
        work: impl Fn() -> F,
    ) {
        let work = || {
            let done = work();
            async move { done.await.map(|()| pause) }
        };
        self.again_and_again(longest, pause, work).await;
    }

    /// Makes the search index and the notifications: soon where it is calm, in fewer and larger steps where it is not.
    async fn project(&self) {
        let step = || async {
            // Each step is given its time, and not all of them together: an index that is made anew has many.
            let Projected { messages, more } = self.projections().step().await?;
            Ok(match (more, messages) {
                (true, _) => Duration::ZERO,
                (false, 0 | 1) => PROJECTION,
                (false, _) => PROJECTION_WHILE_BUSY,
            })
        };
        self.again_and_again(LONGEST, PROJECTION, step).await;
    }

    /// Does `work`, which says how long to wait before it is done again; after a failure that is `pause`, and a little.
    async fn again_and_again<F: Future<Output = Result<Duration>>>(
        &self,
        longest: Duration,
        pause: Duration,
        work: impl Fn() -> F,
    ) {
        loop {
            let pause = match self.within(longest, work()).await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(%error, "what is done regularly failed, and is tried again");
                    self.clock().sleep(AFTER_FAILURE).await;
                    pause
                }
            };
            self.clock().sleep(pause).await;
        }
    }

    /// Gives up on what a database that fell silent will never answer: a job that waits for ever does its work no more.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.within(LONGEST, work).await
    }

    async fn within<T>(&self, longest: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            biased;
            done = work => done,
            () = self.clock().sleep(longest) => Err(Error::Unavailable {
                retry_after: AFTER_FAILURE,
                detail: "The database does not answer. Try again in a moment.",
                source: None,
            }),
        }
    }

    /// Streams in which the hub noticed a gap.
    async fn fill_gaps(&self) {
        loop {
            let (stream, delivered) = self.hub().behind().await;
            if let Err(error) = self.in_time(self.catch_up().stream(stream, delivered)).await {
                // The next look at what moved finds it again.
                tracing::warn!(%error, "a gap could not be filled yet");
                self.clock().sleep(AFTER_FAILURE).await;
            }
        }
    }

    /// What committed elsewhere, found by asking the database: with a bus mostly nothing new, without one everything.
    async fn look_for_moves(&self) {
        let mut since = self.first_since().await;
        self.hub().caught_up(since);
        loop {
            self.clock().sleep(self.settings().poll).await;
            match self.in_time(self.catch_up().all(since)).await {
                Ok(next) => since = next,
                Err(error) => {
                    tracing::warn!(%error, "what moved could not be read yet");
                    self.clock().sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    async fn first_since(&self) -> Since {
        loop {
            match self.in_time(self.store().since()).await {
                Ok(since) => return since,
                Err(error) => {
                    tracing::warn!(%error, "the database's clock could not be read yet");
                    self.clock().sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    /// What other nodes tell by the bus.
    async fn hear_others(&self) {
        let mut others = self.bus().listen(self.node());
        while let Some(signal) = others.next().await {
            match signal {
                Signal::Moved(head) => self.hub().notice(head),
                Signal::Event(envelope) => self.hub().deliver(&envelope),
                Signal::Typing { conversation_id, user_id } => {
                    self.presence().heard_typing(conversation_id, user_id);
                }
                Signal::Mail(to) if to == self.node() => self.mail().notify_one(),
                Signal::Mail(_) => {}
                Signal::Ephemeral { stream, frame } => self.hub().show(stream, &frame),
            }
        }
    }
}
