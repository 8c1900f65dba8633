//! Users: the accounts of people and bots, and their profiles.

mod store;

pub use store::UserStore;
