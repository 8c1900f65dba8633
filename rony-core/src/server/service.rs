//! What may be done with an installation as a whole: looking at it.

use super::{Registration, ServerState, ServerStore};
use crate::{
    Result, Settings,
    actor::Actor,
    time::{Clock, Timestamp},
};

/// The use cases of the installation. Made by [`crate::Rony::server`].
pub struct Server<'r> {
    pub(crate) store: &'r dyn ServerStore,
    pub(crate) clock: &'r dyn Clock,
    pub(crate) settings: &'r Settings,
    pub(crate) started_at: Timestamp,
}

impl Server<'_> {
    /// What the installation is and how it does; for administrators.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Forbidden`] for everybody else.
    pub async fn state(&self, actor: &Actor) -> Result<ServerState> {
        actor.administrator()?;
        let registration = match self.settings.open_registration {
            true => Registration::Open,
            false => Registration::Closed,
        };
        Ok(ServerState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            registration,
            started_at: self.started_at,
            at: self.clock.now(),
            figures: self.store.figures().await?,
        })
    }
}
