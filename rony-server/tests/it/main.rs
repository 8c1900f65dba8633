//! Facts about the server, told by clients over real sockets.

mod command;
mod gateway;
mod sessions;
mod world;
