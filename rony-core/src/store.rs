//! The sum of all that is kept: what a storage backend implements, one small trait a noun.

use crate::{
    audit::AuditStore,
    contact::ContactStore,
    message::MessageStore,
    stream::StreamStore,
    sync::SyncStore,
    user::{ProfileStore, UserStore},
};

/// A complete backend. Nothing is ever added here but supertraits: a noun's methods are in its own trait.
pub trait Store:
    StreamStore + SyncStore + UserStore + ProfileStore + AuditStore + ContactStore + MessageStore + 'static
{
}

impl<
    T: StreamStore + SyncStore + UserStore + ProfileStore + AuditStore + ContactStore + MessageStore + 'static,
> Store for T
{
}
