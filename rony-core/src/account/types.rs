//! What people send to make an account or set a password.

use std::time::Duration;

use serde::Deserialize;

use crate::{
    secret::{Secret, Token},
    time::Timestamp,
    username::{DisplayName, Username},
};

/// For how long a reset link is good.
pub(super) const RESET_LINK: Duration = Duration::from_secs(24 * 60 * 60);

/// Somebody wants an account.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// The name by which they sign in; nobody else has it.
    pub username: Username,
    /// The password, 8 to 128 characters.
    pub password: Secret,
    /// The name that others see; the username when left out.
    #[serde(default)]
    pub display_name: Option<DisplayName>,
    /// What the invite link carries; needed unless registration is open.
    #[serde(default)]
    pub invite: Option<Secret>,
}

/// The first administrator's account.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAdministrator {
    /// What the setup link carries, which the server prints when it starts.
    pub token: Secret,
    /// The name by which they sign in.
    pub username: Username,
    /// The password, 8 to 128 characters.
    pub password: Secret,
    /// The name that others see; the username when left out.
    #[serde(default)]
    pub display_name: Option<DisplayName>,
}

/// A wish for another password.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password as it is.
    pub old_password: Secret,
    /// The password as it is to be, 8 to 128 characters.
    pub new_password: Secret,
}

/// A password that is set by a reset link.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// What the reset link carries.
    pub token: Secret,
    /// The password, 8 to 128 characters.
    pub password: Secret,
}

/// A reset link was made.
#[derive(Clone, Debug)]
pub struct ResetMade {
    /// What it carries: shown now, and never again.
    pub token: Token,
    /// When it ends.
    pub expires_at: Timestamp,
}
