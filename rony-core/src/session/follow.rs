//! Following links without being signed in, and how often.

use std::net::IpAddr;

use super::{
    SignInStore,
    limit::{Anonymous, anonymous},
};
use crate::{Error, Result, time::Clock};

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
        self.limits.charge(&charges, self.clock.now()).await?;
        let answer = look.await;
        if !matches!(answer, Err(Error::Conflict { .. })) {
            self.limits.give_back(&charges).await?;
        }
        answer
    }
}
