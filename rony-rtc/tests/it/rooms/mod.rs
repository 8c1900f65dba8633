//! Rooms with people in them: stories of what they do, and properties over everything that they and the network may do.

mod mesh;
mod property;
mod stories;
mod world;
