//! Devices, tokens, and what is asked about them.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Kept, rule, service::named};
use crate::{
    Result, Settings,
    actor::Scope,
    id::{SessionId, UserId},
    secret::{Secret, Token},
    time::Timestamp,
    user::User,
};

/// Who is on the other end of a request, as far as HTTP tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caller<'a> {
    /// Their address, if it is known.
    pub address: Option<IpAddr>,
    /// What their program says that it is; may be empty.
    pub user_agent: &'a str,
}

/// A try to sign in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The username, in any spelling.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// What the person calls the device.
    pub device_name: Option<String>,
}

impl SignIn {
    /// What the device will be called.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Invalid`] for a name that is none: to be asked before anything else is done in the same request.
    pub fn device_name(&self) -> Result<String> {
        let given = self.device_name.as_deref().filter(|name| !name.is_empty());
        Ok(given.map(|name| named("device_name", name)).transpose()?.unwrap_or_default())
    }
}

/// Somebody is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// What opens the session: shown now, and never again.
    pub token: Token,
    /// The session.
    pub session: Session,
    /// Who it is.
    pub user: User,
}

/// A device on which somebody is signed in, as they see it in their list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// What the person called it at the sign-in.
    pub device_name: Option<String>,
    /// The address that it was last used from.
    pub address: Option<String>,
    /// What the program there says that it is.
    pub user_agent: Option<String>,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When it was last used, to within five minutes.
    pub last_used_at: Timestamp,
    /// When it ends if it is not used before.
    pub idle_expires_at: Timestamp,
    /// When it ends however much it is used.
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl Session {
    pub(super) fn of(kept: Kept, current: Option<SessionId>, settings: &Settings) -> Self {
        Self {
            idle_expires_at: rule::idle_ends_at(&kept, settings),
            expires_at: rule::lifetime_ends_at(&kept, settings),
            id: kept.id,
            user_id: kept.user_id,
            device_name: given(kept.name),
            address: given(kept.address),
            user_agent: given(kept.user_agent),
            created_at: kept.created_at,
            last_used_at: kept.last_used_at,
            current: current == Some(kept.id),
        }
    }
}

/// A personal access token, as its owner sees it in their list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessToken {
    /// Its id.
    pub id: SessionId,
    /// Who acts with it.
    pub user_id: UserId,
    /// What it is called.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to within five minutes; `null` when it never was.
    pub last_used_at: Option<Timestamp>,
    /// When it ends; `null` when it does not.
    pub expires_at: Option<Timestamp>,
}

impl From<Kept> for AccessToken {
    fn from(kept: Kept) -> Self {
        Self {
            id: kept.id,
            user_id: kept.user_id,
            scopes: kept.scopes.iter().collect(),
            created_at: kept.created_at,
            last_used_at: Some(kept.last_used_at).filter(|used| *used != kept.created_at),
            expires_at: kept.expires_at,
            name: kept.name,
        }
    }
}

/// A wish for a token.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What to call it, up to 64 characters.
    pub name: String,
    /// What it may be used for; at least one.
    pub scopes: Vec<Scope>,
    /// When it ends; never, when left out.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A token was made.
#[derive(Clone, Debug)]
pub struct TokenMade {
    /// The token itself: shown now, and never again.
    pub token: Token,
    /// What is kept of it.
    pub access: AccessToken,
}

fn given(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
