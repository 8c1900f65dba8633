//! What may be done with sessions: being recognised, looking at one's devices, ending them.

use super::{
    Caller, Ending, Held, Kind, NAME, Session, SessionStore, SignInStore, Whence, gate::Gate, rule,
    tend::Watch,
};
use crate::{
    Error, Result, Settings,
    actor::{Actor, Scopes},
    audit::{AuditStore, Entry},
    hub::Hub,
    id::{SessionId, UserId},
    page::{Cursor, Limit, Page},
    password::PasswordHasher,
    secret::{Token, TokenError, TokenKind},
    text,
    time::{Clock, Timestamp},
    user::UserStore,
};

/// The list's name in its cursors.
const LIST: &str = "sessions";

/// The use cases of sessions. Made by [`crate::Rony::sessions`].
pub struct Sessions<'r> {
    pub(crate) store: &'r dyn SessionStore,
    pub(crate) sign_ins: &'r dyn SignInStore,
    pub(crate) users: &'r dyn UserStore,
    pub(crate) audit: &'r dyn AuditStore,
    pub(crate) hasher: &'r dyn PasswordHasher,
    pub(crate) clock: &'r dyn Clock,
    pub(crate) hub: &'r Hub,
    pub(crate) settings: &'r Settings,
    pub(crate) state: &'r State,
}

/// What a node remembers between calls.
#[derive(Default)]
pub(crate) struct State {
    pub(super) gate: Gate,
    pub(super) watch: Watch,
}

impl Sessions<'_> {
    /// Who acts with this token: one indexed query. Now and then it also writes down that the session was used.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] with code `token_malformed` for what is no session's token, `session_ended` when it opens
    /// nothing (any more), `account_deactivated`.
    pub async fn authenticate(&self, token: &str, caller: Caller<'_>) -> Result<Actor> {
        let token = readable(token)?;
        let held = self.store.opened_by(&token.hash()).await?.ok_or_else(|| ended(token.kind()))?;
        let now = self.clock.now();
        self.admit(&held, now).await?;
        if rule::is_use(&held.session, now, self.settings) {
            let (address, user_agent) = (caller.address_text(), caller.program());
            let from = Whence { address: &address, user_agent: &user_agent };
            // Whoever only reads can go on reading while the database cannot write.
            if let Err(error) = self.store.used(&[held.session.id], now, Some(from)).await {
                tracing::warn!(%error, "the use of a session was not written down");
            }
        }
        let scopes = match held.session.kind {
            Kind::Device => Scopes::ALL,
            Kind::Token => held.session.scopes,
        };
        let actor = Actor::signed_in(held.session.user_id, held.role, held.session.id, scopes);
        Ok(actor.from_address(caller.address))
    }

    /// Whether what [`Sessions::authenticate`] said still holds. A socket asks this once it can be found in the hub: what
    /// was revoked in between was cut before it was there.
    ///
    /// # Errors
    ///
    /// As [`Sessions::authenticate`].
    pub async fn confirm(&self, actor: &Actor) -> Result<()> {
        if let Some(session) = actor.session() {
            let held = self.store.held(&[session]).await?;
            let held = held.first().ok_or_else(|| ended(TokenKind::Session))?;
            return self.admit(held, self.clock.now()).await;
        }
        match actor.id() {
            Some(user) if self.users.user(user).await?.deactivated_at.is_some() => Err(deactivated()),
            _ => Ok(()),
        }
    }

    /// Lets a session pass that is not over. One that is ends for good: a clock that is set back does not revive it.
    async fn admit(&self, held: &Held, now: Timestamp) -> Result<()> {
        if held.deactivated {
            return Err(deactivated());
        }
        let session = &held.session;
        if !rule::is_over(session, now, self.settings) {
            return Ok(());
        }
        if let Err(error) = self.end(session.user_id, Ending::One(session.kind, session.id), None).await {
            tracing::warn!(%error, "the end of a session was not written down");
        }
        Err(ended(match session.kind {
            Kind::Device => TokenKind::Session,
            Kind::Token => TokenKind::Personal,
        }))
    }

    /// The devices on which the actor is signed in, the newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for a token; [`Error::Invalid`] for a cursor that this list did not give.
    pub async fn list(&self, actor: &Actor, limit: Limit, cursor: Option<&Cursor>) -> Result<Page<Session>> {
        let user = actor.signed_in_person()?;
        let after = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let kept = self.store.sessions(user, Kind::Device, after, limit.rows()).await?;
        let page = Page::cut(kept, limit, LIST, |kept| kept.id);
        Ok(page.map(|kept| Session::of(kept, actor.session(), self.settings)))
    }

    /// Says that the device is in use: its idle time begins anew.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for a token, [`Error::NotFound`] when an embedder's authentication let the actor in.
    pub async fn refresh(&self, actor: &Actor) -> Result<Session> {
        actor.signed_in_person()?;
        let current = actor.session().ok_or(Error::NotFound("session"))?;
        self.store.used(&[current], self.clock.now(), None).await?;
        let held = self.store.held(&[current]).await?;
        let held = held.into_iter().next().ok_or_else(|| ended(TokenKind::Session))?;
        Ok(Session::of(held.session, Some(current), self.settings))
    }

    /// Signs out one of the actor's devices.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when it is none of theirs, [`Error::Forbidden`] for a token.
    pub async fn sign_out(&self, actor: &Actor, device: SessionId) -> Result<()> {
        let user = actor.signed_in_person()?;
        let entry = Entry::new(self.clock.now(), "session.ended").by(actor).to(device);
        match self.end(user, Ending::One(Kind::Device, device), Some(&entry)).await?.is_empty() {
            true => Err(Error::NotFound("session")),
            false => Ok(()),
        }
    }

    /// Signs out the device that asks.
    ///
    /// # Errors
    ///
    /// As [`Sessions::sign_out`]; [`Error::NotFound`] when an embedder's authentication let the actor in.
    pub async fn sign_out_current(&self, actor: &Actor) -> Result<()> {
        actor.signed_in_person()?;
        self.sign_out(actor, actor.session().ok_or(Error::NotFound("session"))?).await
    }

    /// Signs out all of the actor's devices but the one that asks.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for a token.
    pub async fn sign_out_others(&self, actor: &Actor) -> Result<()> {
        let user = actor.signed_in_person()?;
        let entry = Entry::new(self.clock.now(), "session.others_ended").by(actor).to(user);
        self.end(user, Ending::Devices { but: actor.session() }, Some(&entry)).await?;
        Ok(())
    }

    /// Ends sessions, and closes their sockets on this node at once; the others follow by the database.
    pub(super) async fn end(
        &self,
        user: UserId,
        ending: Ending,
        entry: Option<&Entry>,
    ) -> Result<Vec<SessionId>> {
        let ended = self.store.end(user, ending, self.clock.now(), entry).await?;
        self.cut(&ended.iter().copied().collect());
        Ok(ended)
    }
}

impl Caller<'_> {
    pub(super) fn address_text(&self) -> String {
        self.address.map_or_else(String::new, |address| address.to_canonical().to_string())
    }

    /// What it says that it is, as far as that is worth keeping.
    pub(super) fn program(&self) -> String {
        const LONGEST: usize = 256;
        self.user_agent.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
    }
}

/// Reads what somebody sent as a session's token.
fn readable(token: &str) -> Result<Token> {
    let malformed = |detail| Error::Unauthenticated { code: "token_malformed", detail };
    let token = Token::parse(token).map_err(|error| {
        malformed(match error {
            TokenError::Damaged => "This token is incomplete or was changed. Copy all of it again.",
            _ => "This is not a token of this server. Sign in again.",
        })
    })?;
    match token.kind() {
        TokenKind::Session | TokenKind::Personal => Ok(token),
        _ => Err(malformed("This token opens something else. Sign in first.")),
    }
}

fn ended(kind: TokenKind) -> Error {
    let detail = match kind {
        TokenKind::Personal => "This token has expired or was deleted. Make a new one.",
        _ => "You are signed out on this device. Sign in again.",
    };
    Error::Unauthenticated { code: "session_ended", detail }
}

pub(super) fn deactivated() -> Error {
    Error::Unauthenticated {
        code: "account_deactivated",
        detail: "This account is deactivated. Ask an administrator of this server.",
    }
}

/// A name for a device or token.
pub(super) fn named(field: &'static str, name: &str) -> Result<String> {
    Ok(text::line(field, name, NAME)?)
}
