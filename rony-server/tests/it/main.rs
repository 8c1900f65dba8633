//! Facts about the server, told by clients over real sockets.

mod gateway;
mod world;
