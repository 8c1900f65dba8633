//! Facts about the server, told by clients over real sockets.

mod command;
mod contacts;
mod conversations;
mod gateway;
mod messages;
mod presence;
mod sessions;
mod world;
