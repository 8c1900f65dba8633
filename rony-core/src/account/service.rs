//! What may be done about accounts by who has none yet, has forgotten the password, or wants another one.

use std::net::IpAddr;

use super::{
    AccountStore, ChangePassword, NewAdministrator, NewPassword, NewReset, Register, ResetMade, SetPassword,
    UseReset, reset_used, setup_done, types::RESET_LINK,
};
use crate::{
    Error, Result, Settings,
    actor::Actor,
    audit::Entry,
    id::UserId,
    invite::{self, InviteStore},
    password::{self, PasswordHasher},
    permission::ServerRole,
    secret::{Secret, Token, TokenHash, TokenKind},
    session::{
        Links, Sessions, SignInStore,
        limit::{Anonymous, anonymous},
    },
    time::Clock,
    user::{Admission, NewAccount, User, UserStore},
    username::{DisplayName, Username},
};

/// The use cases of accounts. Made by [`crate::Rony::accounts`].
pub struct Accounts<'r> {
    pub(crate) store: &'r dyn AccountStore,
    pub(crate) users: &'r dyn UserStore,
    pub(crate) invites: &'r dyn InviteStore,
    pub(crate) limits: &'r dyn SignInStore,
    pub(crate) links: Links<'r>,
    pub(crate) sessions: Sessions<'r>,
    pub(crate) hasher: &'r dyn PasswordHasher,
    pub(crate) clock: &'r dyn Clock,
    pub(crate) settings: &'r Settings,
}

impl Accounts<'_> {
    /// The setup link's token, new at each call, as long as there is no administrator; `None` from then on. Earlier ones
    /// end: the server asks at each start, and prints what it gets.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for everybody but the server itself.
    pub async fn setup_link(&self, actor: &Actor) -> Result<Option<Token>> {
        if actor.administrator()?.is_some() {
            return Err(Error::forbidden("system_only", "Only the server itself makes a setup link."));
        }
        let token = Token::generate(TokenKind::Setup)?;
        Ok(self.store.offer_setup(&token.hash(), self.clock.now()).await?.then_some(token))
    }

    /// Makes the first administrator's account.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] with code `setup_done` for a link that is not good (any more); [`Error::Invalid`] for a password
    /// that is none; [`Error::RateLimited`] after too many wrong links from an address.
    pub async fn set_up(&self, new: NewAdministrator, address: Option<IpAddr>) -> Result<User> {
        let NewAdministrator { token, username, password, display_name } = new;
        password::check(&password, &username)?;
        let token = self.links.follow(address, self.setup(&token)).await?;
        let person = Person { username, password, display_name, role: ServerRole::Administrator };
        self.make(person, Admission::Setup(token), "setup.done", address).await
    }

    async fn setup(&self, token: &Secret) -> Result<TokenHash> {
        let token =
            Token::parse_as(TokenKind::Setup, token.reveal().trim()).map_err(|_| setup_done())?.hash();
        if self.store.is_setup(&token).await? { Ok(token) } else { Err(setup_done()) }
    }

    /// Makes an account for whoever was invited, or for anybody where registration is open. An invite also leads into its
    /// conversation.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] with code `registration_closed` without an invite; what [`invite::good`] says; [`Error::Invalid`]
    /// for a password that is none; [`Error::Conflict`] with code `username_taken`; [`Error::RateLimited`] after too many
    /// accounts or wrong links from an address.
    pub async fn register(&self, new: Register, address: Option<IpAddr>) -> Result<User> {
        let Register { username, password, display_name, invite } = new;
        password::check(&password, &username)?;
        let admission = match &invite {
            Some(invite) => Admission::Invite(self.links.follow(address, self.invited(invite)).await?),
            None if self.settings.open_registration => {
                self.limits.charge(&anonymous(Anonymous::Register, address), self.clock.now()).await?;
                Admission::Granted
            }
            None => {
                return Err(Error::forbidden(
                    "registration_closed",
                    "You need an invitation to make an account here: ask somebody who has one.",
                ));
            }
        };
        let person = Person { username, password, display_name, role: ServerRole::Member };
        self.make(person, admission, "user.registered", address).await
    }

    /// Looks at an invite before the password is hashed, which is work; the store looks again.
    async fn invited(&self, token: &Secret) -> Result<TokenHash> {
        let token = invite::parse(token)?;
        invite::good(self.invites.offer(&token).await?, self.clock.now())?;
        Ok(token)
    }

    async fn make(
        &self,
        person: Person,
        admission: Admission,
        action: &'static str,
        address: Option<IpAddr>,
    ) -> Result<User> {
        let Person { username, password, display_name, role } = person;
        let password_hash = Some(self.hasher.hash(password).await?);
        let at = self.clock.now();
        let id = UserId::new(at);
        let entry = Entry::new(at, action).by_person(id).to(id).from_address(address);
        let entry = entry.with("username", username.as_str());
        let display_name = display_name.unwrap_or_else(|| DisplayName::from(&username));
        let bot = false;
        self.users
            .create(NewAccount { id, at, username, display_name, password_hash, role, bot, admission, entry })
            .await
    }

    /// Changes the actor's own password. The device that asks stays signed in, all others do not; tokens stay.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] when the old password is not right, or the new one is none; [`Error::RateLimited`] after too many
    /// wrong ones; [`Error::Forbidden`] for a token.
    pub async fn change_password(&self, actor: &Actor, change: ChangePassword) -> Result<()> {
        let ChangePassword { old_password, new_password } = change;
        let user_id = actor.signed_in_person()?;
        let user = self.users.user(user_id).await?;
        password::check(&new_password, &user.username)
            .map_err(|error| in_field("new_password", error.into()))?;
        let wrong = || Error::invalid("old_password", "This is not your password. Try again.");
        let proven = self.sessions.prove(actor, &user.username, old_password).await?.ok_or_else(wrong)?;
        let (hash, at) = (self.hasher.hash(new_password).await?, self.clock.now());
        let entry = Entry::new(at, "user.password_changed").by(actor).to(user_id);
        let set = SetPassword { user_id, proven, hash, but: actor.session(), at, entry };
        if self.store.set_password(&set).await? { Ok(()) } else { Err(wrong()) }
    }

    /// Makes a one-time link by which somebody can set their password; for administrators. Earlier links of theirs end.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for who is no administrator, [`Error::NotFound`] without the account, and what
    /// [`AccountStore::add_reset`] says.
    pub async fn reset_link(&self, actor: &Actor, user_id: UserId) -> Result<ResetMade> {
        actor.administrator()?;
        let (at, token) = (self.clock.now(), Token::generate(TokenKind::Reset)?);
        let expires_at = at.plus(RESET_LINK);
        let entry = Entry::new(at, "user.reset_link_made").by(actor).to(user_id);
        self.store.add_reset(&NewReset { user_id, token: token.hash(), at, expires_at, entry }).await?;
        Ok(ResetMade { token, expires_at })
    }

    /// Sets a password by a reset link. The person is signed out everywhere, their tokens end, and so does the link.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] with code `reset_used` for a link that is not good (any more); [`Error::Invalid`] for a password
    /// that is none; [`Error::RateLimited`] after too many wrong links from an address.
    pub async fn reset_password(&self, new: NewPassword, address: Option<IpAddr>) -> Result<User> {
        let NewPassword { token, password } = new;
        let (token, username) = self.links.follow(address, self.reset(&token)).await?;
        password::check(&password, &username)?;
        let (hash, at) = (self.hasher.hash(password).await?, self.clock.now());
        let entry = Entry::new(at, "user.password_reset").from_address(address);
        self.store.use_reset(&UseReset { token, hash, at, entry }).await
    }

    async fn reset(&self, token: &Secret) -> Result<(TokenHash, Username)> {
        let token =
            Token::parse_as(TokenKind::Reset, token.reveal().trim()).map_err(|_| reset_used())?.hash();
        let reset = self.store.reset(&token).await?.filter(|reset| reset.expires_at > self.clock.now());
        reset.map(|reset| (token, reset.user.username)).ok_or_else(reset_used)
    }
}

/// Somebody who makes their own account.
struct Person {
    username: Username,
    password: Secret,
    display_name: Option<DisplayName>,
    role: ServerRole,
}

/// The same error about a field that has another name.
fn in_field(name: &str, error: Error) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            fields.iter_mut().for_each(|field| name.clone_into(&mut field.field));
            Error::Invalid(fields)
        }
        other => other,
    }
}
