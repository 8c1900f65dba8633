//! The domain of Rony: what a chat is, who may do what in it, and how nothing is lost.
//!
//! This crate does no input or output. What it needs of the outside it asks for by small traits ("ports"); `rony-storage`
//! has the adapters, and `rony-server` puts HTTP and WebSockets in front. An application can also use it alone, with a
//! storage and without a server.
//!
//! [`Rony`] is the way in: one accessor for each noun hands out its use cases. Each use case takes an
//! [`Actor`](actor::Actor), so nothing is done without saying who does it.
//!
//! ```
//! use rony_core::{Result, Rony, actor::Actor, id::{ClientId, ConversationId}, message::{Post, Posted}};
//!
//! /// Says hello. When the answer is here, the message is on disk; said twice, it is there once.
//! async fn greet(rony: &Rony, actor: &Actor, conversation: ConversationId, client_id: ClientId) -> Result<Posted> {
//!     let post = Post { client_id, text: "Hello".to_owned(), reply_to: None, thread_id: None, attachments: Vec::new() };
//!     rony.messages().post(actor, conversation, post).await
//! }
//! ```
//!
//! # Where things are
//!
//! | modules | what they are |
//! | --- | --- |
//! | [`user`], [`session`], [`account`], [`invite`], [`contact`], [`presence`], [`audit`], [`server`] | the nouns of people: each has its entities and events, its rules, its store trait and its use cases |
//! | [`conversation`], [`member`], [`message`], [`reaction`], [`pin`], [`read`], [`draft`], [`search`] | the nouns of talking |
//! | [`mod@file`] | what people keep and share: folders, files, versions, grants |
//! | [`room`] | where people meet: codes, doors, guests; who is in it at the moment is `rony-rtc`'s |
//! | [`meeting`] | meetings that are scheduled: when, who is asked to come, what they answer, reminders, finding a time |
//! | [`call`] | who called whom, and what became of it; ringing is `rony-rtc`'s |
//! | [`upload`], [`share`] | how bytes become a file, whole or not at all; links that open files to who holds them |
//! | [`stream`], [`sync`], [`snapshot`] | the numbered events that everything lasting becomes, how a client catches up, and where it starts |
//! | [`projection`] | what is made of messages after they were posted |
//! | [`blob`] | the port for the bytes of files |
//! | [`hub`], [`bus`] | from a committed event to the sockets of this node, and to the other nodes |
//! | [`actor`], [`permission`] | who acts, and the one rule of what they may do |
//! | [`wire`] | the gateway's frames, for the server and for clients |
//! | [`username`], [`password`], [`text`], [`mention`], [`secret`] | what people type, checked once, and what must never show itself |
//! | [`id`], [`time`], [`page`], [`patch`], [`error`], [`background`] | the ground under all |
//!
//! # Features
//!
//! - `argon2` (on by default): the password hasher, on threads of its own.
//! - `openapi`: schemas of the types that go over the wire.

pub mod account;
pub mod actor;
pub mod audit;
pub mod background;
pub mod blob;
pub mod bus;
pub mod call;
pub mod contact;
pub mod conversation;
pub mod draft;
pub mod error;
pub mod file;
pub mod hub;
pub mod id;
pub mod invite;
pub mod media;
pub mod meeting;
pub mod member;
pub mod mention;
pub mod message;
pub mod notification;
pub mod page;
pub mod password;
pub mod patch;
pub mod permission;
pub mod pin;
pub mod presence;
pub mod projection;
pub mod reaction;
pub mod read;
mod rony;
pub mod room;
mod run;
pub mod search;
pub mod secret;
pub mod server;
pub mod session;
pub mod share;
pub mod snapshot;
mod store;
pub mod stream;
pub mod sync;
pub mod text;
pub mod time;
pub mod upload;
pub mod user;
pub mod username;
pub mod wire;

pub use error::{Error, FieldError, Result};
pub use rony::{FileSettings, Rony, RonyBuilder, Settings};
pub use store::Store;
