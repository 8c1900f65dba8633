//! Rooms with people in them: stories of what they do, and a property over everything that they and the network may do.

mod property;
mod stories;
mod world;
