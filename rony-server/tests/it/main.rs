//! Facts about the server, told by clients over real sockets.

mod accounts;
mod command;
mod contacts;
mod conversations;
mod frames;
mod gateway;
mod intruders;
mod invites;
mod matrix;
mod messages;
mod nested;
mod notifications;
mod oddities;
mod openapi;
mod presence;
mod reactions;
mod reading;
mod search;
mod secrecy;
mod sessions;
mod users;
mod world;
