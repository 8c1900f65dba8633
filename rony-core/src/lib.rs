//! Rony.

pub mod secret;
