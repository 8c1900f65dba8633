//! The reference server of Rony.
//!
//! [`error`] and [`extract`] are what every route stands on: whatever goes wrong becomes a problem document, in one
//! place.

pub mod error;
pub mod extract;
