//! Who is acting: every use case takes an [`Actor`], so that a call without authentication cannot be written by accident.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    id::{GuestId, ItemId, RoomId, SessionId, ShareId, UserId},
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

/// What a link lets its holder do with what it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LinkLevel {
    /// See and download.
    Viewer,
    /// Also put files in, rename, replace and move to the trash.
    Editor,
    /// Put files in, and see nothing.
    Drop,
}

/// With whose eyes files are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// A person with an account.
    Person(UserId),
    /// Whoever holds a link.
    Link {
        /// The file or folder that it leads to. Nothing beside it or above it is there.
        root: ItemId,
        /// What may be done.
        level: LinkLevel,
    },
}

impl Reader {
    /// The person, unless it is the holder of a link.
    #[must_use]
    pub const fn person(self) -> Option<UserId> {
        match self {
            Self::Person(user) => Some(user),
            Self::Link { .. } => None,
        }
    }

    /// Whether they only put files in, and see nothing.
    #[must_use]
    pub const fn is_blind(self) -> bool {
        matches!(self, Self::Link { level: LinkLevel::Drop, .. })
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
    Holder { share: ShareId, root: ItemId, level: LinkLevel },
    Guest { room: RoomId, guest: GuestId },
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

    /// Made by the service of shares when it has verified that somebody holds a live link.
    pub(crate) const fn holder(share: ShareId, root: ItemId, level: LinkLevel) -> Self {
        Self { kind: Kind::Holder { share, root, level }, address: None }
    }

    /// Made by the service of rooms when it has verified a guest's token.
    pub(crate) const fn guest(room: RoomId, guest: GuestId) -> Self {
        Self { kind: Kind::Guest { room, guest }, address: None }
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
            Kind::Holder { .. } | Kind::Guest { .. } | Kind::System => {
                Err(Error::forbidden("person_needed", "Only a person can do this."))
            }
        }
    }

    /// With whose eyes files are looked at, if they may use `scope`: a person's, or those of a link's holder, who reads and writes
    /// as far as the link goes.
    ///
    /// # Errors
    ///
    /// As [`Actor::user`]; `person_needed` also for a link's holder who wants something else than to read or write.
    pub fn reader(&self, scope: Scope) -> Result<Reader> {
        match self.kind {
            Kind::Holder { root, level, .. } if matches!(scope, Scope::Read | Scope::Write) => {
                Ok(Reader::Link { root, level })
            }
            _ => self.user(scope).map(Reader::Person),
        }
    }

    /// The link whose holder acts.
    #[must_use]
    pub const fn share(&self) -> Option<ShareId> {
        match &self.kind {
            Kind::Holder { share, .. } => Some(*share),
            Kind::User { .. } | Kind::Guest { .. } | Kind::System => None,
        }
    }

    /// The guest who acts: the one room to which they may come, and who they are there.
    #[must_use]
    pub const fn as_guest(&self) -> Option<(RoomId, GuestId)> {
        match &self.kind {
            Kind::Guest { room, guest } => Some((*room, *guest)),
            Kind::User { .. } | Kind::Holder { .. } | Kind::System => None,
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
            Kind::User { .. } | Kind::Holder { .. } | Kind::Guest { .. } => Err(Error::forbidden(
                "administrators_only",
                "Only an administrator of this server can do this.",
            )),
        }
    }

    /// The person who acts, whatever the scopes; `None` for the system, for a link's holder and for a room's guest. For the audit log and for rate limits.
    #[must_use]
    pub const fn id(&self) -> Option<UserId> {
        match &self.kind {
            Kind::User { user, .. } => Some(*user),
            Kind::Holder { .. } | Kind::Guest { .. } | Kind::System => None,
        }
    }

    /// Whether the server itself acts: its command line, its jobs.
    #[must_use]
    pub const fn is_system(&self) -> bool {
        matches!(self.kind, Kind::System)
    }

    /// The session that the request came with.
    #[must_use]
    pub const fn session(&self) -> Option<SessionId> {
        match &self.kind {
            Kind::User { session, .. } => *session,
            Kind::Holder { .. } | Kind::Guest { .. } | Kind::System => None,
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

    #[test]
    fn who_holds_a_link_reads_and_writes_as_far_as_it_goes_and_is_nobody_else() {
        let nil = uuid::Uuid::nil();
        let holder = Actor::holder(ShareId(nil), ItemId(nil), LinkLevel::Viewer);
        let link = Reader::Link { root: ItemId(nil), level: LinkLevel::Viewer };
        assert_eq!(holder.reader(Scope::Read).unwrap(), link);
        assert_eq!(holder.reader(Scope::Manage).unwrap_err().code(), "person_needed");
        assert_eq!(holder.user(Scope::Read).unwrap_err().code(), "person_needed");
        assert_eq!(holder.administrator().unwrap_err().code(), "administrators_only");
        assert_eq!((holder.id(), holder.session(), holder.is_system()), (None, None, false));
        assert!(holder.signed_in_person().is_err());
    }

    #[test]
    fn a_guest_of_a_room_is_nobody_anywhere_else() {
        let nil = uuid::Uuid::nil();
        let guest = Actor::guest(RoomId(nil), GuestId(nil));
        assert_eq!(guest.as_guest(), Some((RoomId(nil), GuestId(nil))));
        for scope in Scope::ALL {
            assert_eq!(guest.user(scope).unwrap_err().code(), "person_needed");
            assert_eq!(guest.reader(scope).unwrap_err().code(), "person_needed");
        }
        assert_eq!(guest.administrator().unwrap_err().code(), "administrators_only");
        assert!(guest.signed_in_person().is_err() && !guest.is_system());
        assert_eq!((guest.id(), guest.session(), guest.share()), (None, None, None));
    }
}
