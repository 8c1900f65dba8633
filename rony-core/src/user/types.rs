//! What a user is, and its own events.

use serde::{Deserialize, Serialize};

use crate::{
    audit,
    id::UserId,
    permission::ServerRole,
    secret::{Secret, TokenHash},
    stream::EventBody,
    time::Timestamp,
    username::{DisplayName, Username},
};

/// A person or bot, as everybody who is signed in may see them. Texts are empty when nothing was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// The name by which they sign in and are mentioned.
    pub username: Username,
    /// The name that others see.
    pub display_name: DisplayName,
    /// What they may do on the whole server.
    pub role: ServerRole,
    /// A program, not a person.
    pub bot: bool,
    /// What they are: a position, a team.
    pub title: String,
    /// A telephone number, as they wrote it.
    pub phone: String,
    /// An e-mail address. Nothing is sent there.
    pub email: String,
    /// Where their day is: a name of the IANA time zone database, such as `Europe/Prague`.
    pub time_zone: String,
    /// What they say about themselves; several lines.
    pub about: String,
    /// What they are up to.
    pub status_text: String,
    /// When the status text stops being true; `null`: it holds until it is changed.
    pub status_until: Option<Timestamp>,
    /// The version of their picture, for the address of it; `null` when they have none.
    pub avatar: Option<i64>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Since when it is switched off.
    pub deactivated_at: Option<Timestamp>,
}

impl User {
    /// They, as they are shown at `now`: without a status text that has ended.
    #[must_use]
    pub fn shown_at(mut self, now: Timestamp) -> Self {
        if self.status_until.is_some_and(|until| until <= now) {
            self.status_text.clear();
            self.status_until = None;
        }
        self
    }

    /// What others need to show this person's name.
    #[must_use]
    pub fn summary(&self) -> UserSummary {
        UserSummary {
            id: self.id,
            username: self.username.clone(),
            display_name: self.display_name.clone(),
            role: self.role,
            bot: self.bot,
            title: self.title.clone(),
            status_text: self.status_text.clone(),
            status_until: self.status_until,
            avatar: self.avatar,
            deactivated_at: self.deactivated_at,
        }
    }
}

/// What a client needs of somebody to show them wherever their name stands; the fields are those of [`User`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserSummary {
    /// Their id.
    pub id: UserId,
    /// The name by which they sign in and are mentioned.
    pub username: Username,
    /// The name that others see.
    pub display_name: DisplayName,
    /// What they may do on the whole server.
    pub role: ServerRole,
    /// A program, not a person.
    pub bot: bool,
    /// What they are: a position, a team.
    pub title: String,
    /// What they are up to.
    pub status_text: String,
    /// When the status text stops being true; `null`: it holds until it is changed.
    pub status_until: Option<Timestamp>,
    /// The version of their picture; `null` when they have none.
    pub avatar: Option<i64>,
    /// Since when the account is switched off.
    pub deactivated_at: Option<Timestamp>,
}

/// An account that an administrator wants to be made.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The name by which they sign in; nobody else has it.
    pub username: Username,
    /// The first password. Without one nobody can sign in until it was set by a reset link; a bot has none.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The name that others see; the username when left out.
    #[serde(default)]
    pub display_name: Option<DisplayName>,
    /// What they may do on the whole server; a member when left out.
    #[serde(default = "member")]
    pub role: ServerRole,
    /// A program, not a person.
    #[serde(default)]
    pub bot: bool,
}

const fn member() -> ServerRole {
    ServerRole::Member
}

impl NewUser {
    /// A person with the role of a member and no password.
    #[must_use]
    pub const fn named(username: Username) -> Self {
        Self { username, password: None, display_name: None, role: ServerRole::Member, bot: false }
    }
}

/// An account on its way into the store.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its id.
    pub id: UserId,
    /// When.
    pub at: Timestamp,
    /// The name by which they sign in.
    pub username: Username,
    /// The name that others see.
    pub display_name: DisplayName,
    /// The hash of the password, if they have one.
    pub password_hash: Option<String>,
    /// What they may do on the whole server.
    pub role: ServerRole,
    /// A program, not a person.
    pub bot: bool,
    /// By what right.
    pub admission: Admission,
    /// What the audit log says about it.
    pub entry: audit::Entry,
}

/// By what right an account is made. The store checks it, and uses it up, in the transaction that makes the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// An administrator makes it, or registration is open.
    Granted,
    /// The link of the first start was followed: it is good once, as long as there is no administrator.
    Setup(TokenHash),
    /// An invite was followed, which also leads into its conversation.
    Invite(TokenHash),
}

/// What happens to users, in the directory stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum UserEvent {
    /// There is somebody new.
    #[serde(rename = "user.created")]
    Created {
        /// They.
        user: UserSummary,
    },
    /// Something in somebody's summary changed.
    #[serde(rename = "user.changed")]
    Changed {
        /// They, as they are now.
        user: UserSummary,
    },
}

impl EventBody for UserEvent {}
