//! Accounts: how they come to be, and how their owners get back in.
//!
//! The first account is the administrator's: the server prints a one-time link ([`Accounts::setup_link`]) for as long as
//! there is none. Others follow an invite ([`crate::invite`]), are made by an administrator ([`crate::user::Users::create`]),
//! or, where the operator has opened registration, make themselves. Every account starts in General.
//!
//! Who forgot the password gets a one-time link from an administrator. No e-mail is sent: the administrator hands it over,
//! and knows to whom. Who knows it changes it; either way whoever else was signed in is not any more.

mod rule;
mod service;
mod store;
mod types;

pub use rule::{may_reset, reset_used, setup_done};
pub use service::Accounts;
pub use store::{AccountStore, NewReset, Reset, SetPassword, UseReset};
pub use types::{ChangePassword, NewAdministrator, NewPassword, Register, ResetMade};
