//! Facts about the server, told by clients over real sockets.

mod command;
mod contacts;
mod gateway;
mod presence;
mod sessions;
mod world;
