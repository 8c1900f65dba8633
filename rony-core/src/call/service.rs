//! What may be done with calls.

use std::time::Duration;

use super::{BeginCall, Call, CallKey, CallNote, CallStore, Callee, EndCall, ListCalls, Missed, rule::over};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    id::{CallId, ClientId, ConversationId, MessageId, UserId},
    message::{MessageStore, NewMessage, Post},
    page::{Cursor, Limit, Page},
    time::{Clock, Timestamp},
};

/// How long a call counts as driven after it was last renewed, by the database's clock.
pub const LEASE: Duration = Duration::from_secs(20);
/// Missed calls that are told of at once.
const AT_ONCE: i64 = 100;
/// The list's name in its cursors.
const LIST: &str = "calls";

/// The use cases of calls. Made by [`crate::Rony::calls`].
///
/// Those without an [`Actor`] are for whoever drives calls: they write down what has happened already.
pub struct Calls<'r> {
    pub(crate) store: &'r dyn CallStore,
    pub(crate) messages: &'r dyn MessageStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Calls<'_> {
    /// The actor calls all others in a conversation. When the answer is here, the call is on disk: whatever happens to the server, who was
    /// called will know of it.
    ///
    /// # Errors
    ///
    /// What [`super::may_begin`] says; [`Error::Conflict`] with code `call_over` for an id that had its call.
    pub async fn begin(
        &self,
        actor: &Actor,
        id: CallId,
        conversation_id: ConversationId,
        video: bool,
    ) -> Result<Vec<Callee>> {
        let (caller_id, at) = (actor.user(Scope::Write)?, self.clock.now());
        let (lease, note) = (LEASE, ClientId::new(at));
        let begin = BeginCall { id, conversation_id, caller_id, video, at, lease, note };
        self.store.begin_call(&begin).await
    }

    /// A call came to nothing before anybody was told of it. It counts among those that the caller has begun within a minute.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all that has no actor.
    pub async fn forget(&self, id: CallId) -> Result<()> {
        self.store.forget_call(id).await
    }

    /// Somebody accepted.
    ///
    /// # Errors
    ///
    /// As [`Self::forget`].
    pub async fn answered(&self, id: CallId, user: UserId, at: Timestamp) -> Result<()> {
        self.store.answer_call(id, user, at).await
    }

    /// These calls go on.
    ///
    /// # Errors
    ///
    /// As [`Self::forget`].
    pub async fn renew(&self, ids: &[CallId]) -> Result<()> {
        self.store.renew_calls(ids, LEASE).await
    }

    /// A call is over; who missed it is told.
    ///
    /// # Errors
    ///
    /// As [`Self::forget`]. What was written before it failed is found by [`Self::collect`].
    pub async fn end(&self, end: &EndCall) -> Result<()> {
        self.store.end_call(end).await?;
        self.tell().await
    }

    /// Ends the calls that nobody drives any more, and tells of what nobody was told of. A job that [`crate::Rony::run`] does.
    ///
    /// # Errors
    ///
    /// As [`Self::forget`].
    pub async fn collect(&self) -> Result<()> {
        self.store.abandon_calls(false, self.clock.now()).await?;
        self.tell().await
    }

    /// Ends all calls: for whoever knows that no other process has the database, and drives none itself yet.
    ///
    /// # Errors
    ///
    /// As [`Self::forget`].
    pub async fn abandon(&self) -> Result<()> {
        self.store.abandon_calls(true, self.clock.now()).await?;
        self.tell().await
    }

    /// Who of these people may be no more in a call of the conversation beside them that was accepted.
    ///
    /// # Errors
    ///
    /// As [`Self::forget`].
    pub async fn outside(
        &self,
        people: &[(ConversationId, UserId)],
    ) -> Result<Vec<(ConversationId, UserId)>> {
        self.store.outside_calls(people).await
    }

    /// The calls that the actor made or could have answered, the newest first.
    ///
    /// # Errors
    ///
    /// For a cursor that this list did not give.
    pub async fn list(&self, actor: &Actor, limit: Limit, cursor: Option<&Cursor>) -> Result<Page<Call>> {
        let reader = actor.user(Scope::Read)?;
        let before = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let calls = self.store.calls(&ListCalls { reader, before, limit: limit.rows() }).await?;
        Ok(Page::cut(calls, limit, LIST, |call| CallKey { at: call.started_at, id: call.id }))
    }

    async fn tell(&self) -> Result<()> {
        for missed in self.store.untold_calls(AT_ONCE).await? {
            let id = missed.id;
            // Whoever may not write there any more has nothing to say there either.
            let _refused = self.post(missed).await?;
            self.store.told_call(id).await?;
        }
        Ok(())
    }

    async fn post(&self, missed: Missed) -> Result<Result<(), Error>> {
        let Missed { id, note, conversation_id, caller_id, video, missed } = missed;
        let at = self.clock.now();
        let message = NewMessage {
            id: MessageId::new(at),
            conversation_id,
            sender_id: caller_id,
            at,
            post: Post::text(note, String::new()),
            mentions: Default::default(),
            call: Some(CallNote { id, video, missed }),
        };
        let posted = self.messages.post(vec![message]).await?.into_iter().next();
        Ok(posted.map_or_else(|| Err(over()), |posted| posted.map(|_| ()).map_err(Error::from)))
    }
}
