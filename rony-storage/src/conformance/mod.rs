//! The suite that every backend must pass: facts about the stores of rony-core, told through its use cases.
//!
//! One file a noun; a case is one function, named once. Whoever writes another backend runs [`cases`] against it: for each
//! case a fresh, empty store.

mod account;
mod administer;
mod audit;
pub mod blob;
pub mod bus;
mod call;
mod clock;
mod contact;
mod conversation;
mod draft;
mod file;
mod fold;
mod giving_up;
mod invite;
mod letter_box;
mod meeting;
mod member;
mod memory;
mod message;
mod notification;
mod nul;
mod pin;
mod presence;
mod projection;
mod reaction;
mod read;
mod room;
mod search;
mod server;
mod session;
mod share;
mod sign_in;
mod sync;
mod upload;
mod user;
mod world;

use std::{future::Future, pin::Pin, sync::Arc};

use rony_core::Store;

pub use self::memory::MemoryBlobs;
pub use self::world::{Person, SYSTEM, World};

/// A fact being told.
pub type Telling = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One fact.
#[derive(Clone, Copy)]
pub struct Case {
    /// The noun and the fact: `message::a_retried_send_is_the_same_message`.
    pub name: &'static str,
    /// Tells it of a fresh, empty store. Panics when it is not true.
    pub run: fn(Arc<dyn Store>) -> Telling,
}

/// All of them.
#[must_use]
pub fn cases() -> Vec<Case> {
    [
        account::cases(),
        administer::cases(),
        audit::cases(),
        bus::cases(),
        call::cases(),
        clock::cases(),
        contact::cases(),
        conversation::cases(),
        invite::cases(),
        draft::cases(),
        file::cases(),
        fold::cases(),
        giving_up::cases(),
        meeting::cases(),
        member::cases(),
        message::cases(),
        notification::cases(),
        nul::cases(),
        pin::cases(),
        projection::cases(),
        reaction::cases(),
        read::cases(),
        room::cases(),
        search::cases(),
        presence::cases(),
        server::cases(),
        session::cases(),
        letter_box::cases(),
        share::cases(),
        sign_in::cases(),
        sync::cases(),
        upload::cases(),
        user::cases(),
    ]
    .concat()
}

/// Turns `async fn name(world: World) { … }`s into the cases of a file.
macro_rules! facts {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident: World) $body:block)*) => {
        pub(super) fn cases() -> Vec<$crate::conformance::Case> {
            vec![$($crate::conformance::Case {
                name: concat!(module_path!(), "::", stringify!($name)),
                run: |store| Box::pin(async move { $name($crate::conformance::World::new(store)).await }),
            }),*]
        }

        $($(#[$doc])* async fn $name($world: World) $body)*
    };
}
use facts;
