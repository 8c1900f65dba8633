//! What is tried without being signed in, following a link or opening something with its password, and how often.

use std::net::IpAddr;

use super::{
    SignInStore,
    limit::{Anonymous, Charge, anonymous, followed_by},
};
use crate::{Error, Result, id::UserId, password::PasswordHasher, secret::Secret, time::Clock};

/// Lets people follow links (an invite, a reset, the setup), and few that are not good from each address.
pub(crate) struct Links<'r> {
    pub(crate) limits: &'r dyn SignInStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Links<'_> {
    /// What `look` says about a link. A [`Error::Conflict`], which is what it says about one that is not good, counts
    /// against the address.
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] after too many that were not good, and those of `look`.
    pub(crate) async fn follow<T>(
        &self,
        address: Option<IpAddr>,
        look: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let charges = anonymous(Anonymous::Follow, address);
        if charges.is_empty() {
            return look.await;
        }
        self.charged(&charges, look, |answer| matches!(answer, Err(Error::Conflict { .. }))).await
    }

    /// As [`Self::follow`], for somebody with an account: what is not good counts against them, wherever they are, and little against the address.
    ///
    /// # Errors
    ///
    /// As there.
    pub(crate) async fn follow_as<T>(
        &self,
        user: UserId,
        address: Option<IpAddr>,
        look: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let charges = followed_by(user, address);
        self.charged(&charges, look, |answer| matches!(answer, Err(Error::Conflict { .. }))).await
    }

    /// Whether this is the password of which there is this hash. Wrong ones are charged.
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] after too many wrong ones; when nobody can look at it now.
    pub(crate) async fn opens(
        &self,
        charges: &[Charge],
        hasher: &dyn PasswordHasher,
        password: &Secret,
        hash: &str,
    ) -> Result<bool> {
        let look = hasher.verify(password.clone(), Some(hash));
        self.charged(charges, look, |right| matches!(right, Ok(false))).await
    }

    /// Takes a try before `look`, and gives it back unless it was `spent`.
    async fn charged<T, E>(
        &self,
        charges: &[Charge],
        look: impl Future<Output = Result<T, E>>,
        spent: impl FnOnce(&Result<T, E>) -> bool,
    ) -> Result<T>
    where
        Error: From<E>,
    {
        self.limits.charge(charges, self.clock.now()).await?;
        let answer = look.await;
        if !spent(&answer) {
            self.limits.give_back(charges).await?;
        }
        Ok(answer?)
    }
}
