//! Server: what an installation is and how it does, for its administrators.
//!
//! Nothing here is kept for its own sake: the numbers are counted from what the other nouns keep, so that they agree with it.

mod service;
mod store;
mod types;

pub use service::Server;
pub use store::ServerStore;
pub use types::{Database, Figures, Node, Registration, ServerState};
