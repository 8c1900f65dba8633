//! The domain of Rony.

pub mod actor;
pub mod audit;
pub mod bus;
pub mod contact;
pub mod conversation;
pub mod error;
pub mod hub;
pub mod id;
pub mod member;
pub mod mention;
pub mod message;
pub mod page;
pub mod password;
pub mod patch;
pub mod permission;
pub mod reaction;
mod rony;
mod run;
pub mod secret;
pub mod session;
mod store;
pub mod stream;
pub mod sync;
pub mod text;
pub mod time;
pub mod user;
pub mod username;
pub mod wire;

pub use error::{Error, FieldError, Result};
pub use rony::{Rony, RonyBuilder, Settings};
pub use store::Store;
