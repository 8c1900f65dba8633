//! Rony.

pub mod password;
pub mod secret;
pub mod text;
pub mod username;
