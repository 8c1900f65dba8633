//! Rooms with people in them: stories of what they do, and properties over everything that they and the network may do.

mod mesh;
#[path = "../platform/mod.rs"]
mod platform;
mod property;
mod stories;
mod world;
