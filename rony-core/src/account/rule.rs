//! Who may get a password by a link, and what is said about links that are not good.

use crate::{Error, Result, user::User};

/// Whether this account may get a password by a link.
///
/// # Errors
///
/// [`Error::Conflict`] with code `bot_without_password` or `account_deactivated`.
pub fn may_reset(user: &User) -> Result<()> {
    if user.bot {
        return Err(Error::conflict(
            "bot_without_password",
            "A bot has no password: make it a token instead.",
        ));
    }
    if user.deactivated_at.is_some() {
        return Err(Error::conflict(
            "account_deactivated",
            "This account is switched off. Switch it on first.",
        ));
    }
    Ok(())
}

/// The setup link was used already, or a later start of the server has printed another one.
#[must_use]
pub fn setup_done() -> Error {
    Error::conflict(
        "setup_done",
        "This setup link is not good any more. Sign in if there is an administrator; otherwise use the link that the \
         server printed when it last started.",
    )
}

/// The reset link was used already, or has ended.
#[must_use]
pub fn reset_used() -> Error {
    Error::conflict(
        "reset_used",
        "This link was used already, or has ended. Ask an administrator for a new one.",
    )
}
