//! Rony.

pub mod secret;
pub mod text;
pub mod username;
