//! Rony.

pub mod mention;
pub mod page;
pub mod password;
pub mod secret;
pub mod text;
pub mod username;
