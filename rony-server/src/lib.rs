//! Rony.
