//! Signing in: with a password, or on the word of the server itself.

use super::{
    By, Caller, Kept, Kind, NewSession, Session, Sessions, SignIn, SignedIn, Welcome,
    limit::{self, Charge},
    outside::only_system,
    service::{deactivated, named},
};
use crate::{
    Error, Result,
    actor::{Actor, Scopes},
    audit::Entry,
    id::{SessionId, UserId},
    password,
    secret::{Secret, Token, TokenKind},
    time::Timestamp,
    user::Credentials,
    username::{Username, UsernameKey},
};

impl Sessions<'_> {
    /// Signs somebody in on a device, if the password is theirs. Unknown names, accounts without a password and wrong
    /// passwords are the same work and the same answer. That an account is deactivated is told to who knows its password.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] with code `credentials_wrong` or `account_deactivated`; [`Error::RateLimited`] after too
    /// many failures with this account or from this address (see [`limit`]); [`Error::Unavailable`] when too many people
    /// sign in at once; [`Error::Invalid`] for a device name that is none.
    pub async fn sign_in(&self, sign_in: SignIn, caller: Caller<'_>) -> Result<SignedIn> {
        let device_name = sign_in.device_name()?;
        let (name, password) = (UsernameKey::typed(&sign_in.username), bounded(sign_in.password));
        let _turn = self.state.gate.turn().await?;
        let account = self.users.credentials(&name).await?;
        let attempt = self.begin(&name, account, caller).await?;
        match self.proven(&attempt, password.clone()).await? {
            Some(account) if account.deactivated => {
                self.sign_ins.give_back(&attempt.charges).await?;
                self.audit.record(&attempt.entry("session.refused").with("reason", "deactivated")).await?;
                Err(deactivated())
            }
            Some(account) => self.welcome(&attempt, account, password, device_name).await,
            None => self.refuse(&attempt).await,
        }
    }

    /// Whether this is the password of the person who acts: the hash that it is proven by. Wrong ones count against the
    /// limits of signing in, so that who finds a device unlocked cannot guess for long.
    pub(crate) async fn prove(
        &self,
        actor: &Actor,
        username: &Username,
        password: Secret,
    ) -> Result<Option<String>> {
        let (name, caller) = (username.key(), Caller { address: actor.address(), user_agent: "" });
        let _turn = self.state.gate.turn().await?;
        let account = self.users.credentials(&name).await?;
        let attempt = self.begin(&name, account, caller).await?;
        match self.proven(&attempt, bounded(password)).await? {
            Some(account) => {
                self.sign_ins.give_back(&attempt.charges).await?;
                Ok(account.password_hash.clone())
            }
            None => match self.refuse(&attempt).await {
                Err(Error::Unauthenticated { .. }) => Ok(None),
                other => other,
            },
        }
    }

    /// Takes a try from the limits, before anybody looks at the password.
    async fn begin<'c>(
        &self,
        name: &UsernameKey,
        account: Option<Credentials>,
        caller: Caller<'c>,
    ) -> Result<Attempt<'c>> {
        // Nobody's id for a name that nobody has: the same work.
        let user = account.as_ref().map_or(UserId(uuid::Uuid::nil()), |account| account.id);
        let known = self.sign_ins.is_known(user, &caller.address_text()).await?;
        let (at, charges) = (self.clock.now(), limit::charges(name, caller.address, known));
        let last = self.sign_ins.charge(&charges, at).await?;
        Ok(Attempt { account, caller, at, charges, last })
    }

    /// The account, if this is its password.
    async fn proven<'a>(
        &self,
        attempt: &'a Attempt<'_>,
        password: Secret,
    ) -> Result<Option<&'a Credentials>> {
        let account = attempt.account.as_ref();
        let hash = account.and_then(|account| account.password_hash.as_deref());
        match self.hasher.verify(password, hash).await {
            Ok(right) => Ok(account.filter(|_| right)),
            Err(error) => {
                self.sign_ins.give_back(&attempt.charges).await?;
                Err(error.into())
            }
        }
    }

    async fn refuse<T>(&self, attempt: &Attempt<'_>) -> Result<T> {
        self.audit.record(&attempt.entry("session.refused").with("reason", "password")).await?;
        if attempt.last {
            // Once, here: tries that are refused unseen leave no entry, or anybody could fill the log.
            self.audit.record(&attempt.entry("session.limited")).await?;
        }
        Err(Error::Unauthenticated {
            code: "credentials_wrong",
            detail: "The username or the password is not right. Try again.",
        })
    }

    async fn welcome(
        &self,
        attempt: &Attempt<'_>,
        account: &Credentials,
        password: Secret,
        device_name: String,
    ) -> Result<SignedIn> {
        let (token, session) = self.device(account.id, device_name, attempt.caller, attempt.at)?;
        let proven = account.password_hash.clone().unwrap_or_default();
        let rehashed = match self.hasher.needs_rehash(&proven) {
            // When it is too busy for that now, the next sign-in does it.
            true => self.hasher.hash(password).await.ok(),
            false => None,
        };
        let welcome = Welcome {
            entry: attempt.entry("session.created").by_person(account.id).to(session.id),
            session: NewSession { session, token: token.hash() },
            proven,
            rehashed,
            charges: attempt.charges.clone(),
        };
        if !self.sign_ins.welcome(&welcome).await? {
            // The password was changed while we looked at it.
            return self.refuse(attempt).await;
        }
        let user = self.users.user(account.id).await?;
        let id = welcome.session.session.id;
        Ok(SignedIn { token, session: Session::of(welcome.session.session, Some(id), self.settings), user })
    }

    /// Signs people in without their passwords: for the command line, for tools and tests. All of them in one
    /// transaction; the tokens come in the order of `users`.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for everybody but the server itself (`Actor::trusted(Trusted::System)`),
    /// [`Error::NotFound`] when one of them does not exist, [`Error::Invalid`] for a device name that is none.
    pub async fn create_for(&self, actor: &Actor, users: &[UserId], device_name: &str) -> Result<Vec<Token>> {
        only_system(actor)?;
        let (at, name) = (self.clock.now(), named("device_name", device_name)?);
        let (mut tokens, mut sessions) = (Vec::with_capacity(users.len()), Vec::with_capacity(users.len()));
        for user in users {
            let (token, session) = self.device(*user, name.clone(), Caller::default(), at)?;
            sessions.push(NewSession { session, token: token.hash() });
            tokens.push(token);
        }
        let entry = Entry::new(at, "session.granted").by(actor).with("count", users.len()).with("name", name);
        self.store.begin(&sessions, By::System, &entry).await?;
        Ok(tokens)
    }

    /// A session that begins now.
    fn device(
        &self,
        user_id: UserId,
        name: String,
        caller: Caller<'_>,
        at: Timestamp,
    ) -> Result<(Token, Kept)> {
        let session = Kept {
            id: SessionId::new(at),
            user_id,
            kind: Kind::Device,
            name,
            scopes: Scopes::ALL,
            address: caller.address_text(),
            user_agent: caller.program(),
            created_at: at,
            last_used_at: at,
            expires_at: Some(at.plus(self.settings.session_lifetime)),
        };
        Ok((Token::generate(TokenKind::Session)?, session))
    }
}

/// A try to sign in that was taken from the limits.
struct Attempt<'c> {
    account: Option<Credentials>,
    caller: Caller<'c>,
    at: Timestamp,
    charges: Vec<Charge>,
    /// One of the limits has nothing left.
    last: bool,
}

impl Attempt<'_> {
    /// What the audit log says. Never the name that was typed: by mistake it may be a password.
    fn entry(&self, action: &'static str) -> Entry {
        let entry = Entry::new(self.at, action).from_address(self.caller.address);
        match &self.account {
            Some(account) => entry.to(account.id),
            None => entry,
        }
    }
}

/// The password; what is longer than any is replaced by none, which is nobody's, and costs as much to compare.
fn bounded(password: Secret) -> Secret {
    if password.reveal().chars().nth(4 * password::MAX).is_some() { Secret::new("") } else { password }
}
