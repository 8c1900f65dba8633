//! Who is acting: every use case takes an [`Actor`], so that a call without authentication cannot be written by accident.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    id::{SessionId, UserId},
    permission::ServerRole,
};

/// What a personal access token may be used for. A signed-in person has all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Scope {
    /// Read what its owner can read: conversations, messages, people, the gateway's events.
    Read,
    /// Write, change and delete messages, react, pin, type, mark as read, keep drafts.
    Write,
    /// Make, join, leave and manage conversations and their members.
    Manage,
    /// Change the owner's profile, presence, contacts and notifications.
    Profile,
    /// What an administrator may do, if the owner is one.
    Admin,
}

impl Scope {
    /// All of them, in a stable order.
    pub const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Manage, Self::Profile, Self::Admin];
}

/// A small set of [`Scope`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// Every scope there is.
    pub const ALL: Self = Self(u8::MAX);

    /// Whether `scope` is in it.
    #[must_use]
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// The scopes in it.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | 1 << scope as u8))
    }
}

/// Who is acting, as one of the services (or [`Actor::trusted`]) has established it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    kind: Kind,
    address: Option<IpAddr>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    User { user: UserId, role: ServerRole, session: Option<SessionId>, scopes: Scopes },
    System,
}

/// On whose behalf trusted code acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trusted {
    /// The server itself: its command line, its jobs.
    System,
    /// A person whom an embedder's own authentication has established, with all scopes.
    User(UserId, ServerRole),
}

impl Actor {
    /// The one way to act without a token: for the command line, for jobs, and for an embedder's `Authenticator`.
    /// Look at its callers when auditing who can act as whom.
    #[must_use]
    pub const fn trusted(subject: Trusted) -> Self {
        let kind = match subject {
            Trusted::System => Kind::System,
            Trusted::User(user, role) => Kind::User { user, role, session: None, scopes: Scopes::ALL },
        };
        Self { kind, address: None }
    }

    /// Made by the session service when it has verified a token.
    pub(crate) const fn signed_in(
        user: UserId,
        role: ServerRole,
        session: SessionId,
        scopes: Scopes,
    ) -> Self {
        let kind = Kind::User { user, role, session: Some(session), scopes };
        Self { kind, address: None }
    }

    /// The same actor, whose request came from `address`: the audit log keeps it.
    #[must_use]
    pub const fn from_address(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    /// Where the request came from, if it came over a network and the server knows.
    #[must_use]
    pub const fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The person who acts, if they may use `scope`.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] with code `scope_missing` for a token without it, `person_needed` when the system acts.
    pub fn user(&self, scope: Scope) -> Result<UserId> {
        match &self.kind {
            Kind::User { user, scopes, .. } if scopes.has(scope) => Ok(*user),
            Kind::User { .. } => Err(Error::forbidden(
                "scope_missing",
                "This token was not made for that: make one with the scope that is needed.",
            )),
            Kind::System => Err(Error::forbidden("person_needed", "Only a person can do this.")),
        }
    }

    /// The acting administrator (`None`: the server itself, by its command line).
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] with code `administrators_only` for everybody else, `scope_missing` for a token without [`Scope::Admin`].
    pub fn administrator(&self) -> Result<Option<UserId>> {
        match &self.kind {
            Kind::System => Ok(None),
            Kind::User { role: ServerRole::Administrator, .. } => self.user(Scope::Admin).map(Some),
            Kind::User { .. } => Err(Error::forbidden(
                "administrators_only",
                "Only an administrator of this server can do this.",
            )),
        }
    }

    /// The person who acts, whatever the scopes; `None` for the system. For the audit log and for rate limits.
    #[must_use]
    pub const fn id(&self) -> Option<UserId> {
        match &self.kind {
            Kind::User { user, .. } => Some(*user),
            Kind::System => None,
        }
    }

    /// The session that the request came with.
    #[must_use]
    pub const fn session(&self) -> Option<SessionId> {
        match &self.kind {
            Kind::User { session, .. } => *session,
            Kind::System => None,
        }
    }

    /// Whether all scopes are there, as for somebody who signed in: a token must not make tokens or change passwords.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] with code `sign_in_needed` for a personal access token.
    pub fn signed_in_person(&self) -> Result<UserId> {
        match &self.kind {
            Kind::User { user, scopes, .. } if *scopes == Scopes::ALL => Ok(*user),
            _ => {
                Err(Error::forbidden("sign_in_needed", "A token cannot do this: sign in with the password."))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_does_only_what_it_was_made_for() {
        let (user, session) = (UserId(uuid::Uuid::from_u128(1)), SessionId(uuid::Uuid::from_u128(2)));
        let bot = Actor::signed_in(
            user,
            ServerRole::Administrator,
            session,
            Scopes::from_iter([Scope::Read, Scope::Write]),
        );
        assert_eq!(bot.user(Scope::Write).unwrap(), user);
        assert_eq!(bot.user(Scope::Manage).unwrap_err().code(), "scope_missing");
        assert_eq!(bot.administrator().unwrap_err().code(), "scope_missing");
        assert_eq!(bot.signed_in_person().unwrap_err().code(), "sign_in_needed");
    }

    #[test]
    fn a_member_is_no_administrator_and_the_system_is_no_person() {
        let member = Actor::trusted(Trusted::User(UserId(uuid::Uuid::nil()), ServerRole::Member));
        assert_eq!(member.administrator().unwrap_err().code(), "administrators_only");
        let system = Actor::trusted(Trusted::System);
        assert_eq!(system.administrator().unwrap(), None);
        assert_eq!(system.user(Scope::Read).unwrap_err().code(), "person_needed");
    }
}
