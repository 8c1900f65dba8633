//! The gateway's frames: JSON objects with a `type`, one in each WebSocket text message.
//!
//! Shared by the server and by clients in Rust; frozen by snapshot tests, and described in `docs/GATEWAY.md`. Events
//! inside `event` frames are the same objects as in `sync`, and are defined by the nouns.

mod client;
mod event;
mod server;

pub use client::{ClientFrame, FrameId, PostFrame};
pub use event::{EVENT_TYPES, Event, EventObject, StreamEvent};
pub use server::{Acked, ApiVersions, Failed, GuestHello, Heartbeat, Hello, ServerFrame};

/// The largest frame that the server takes, in bytes: a post of the longest text, with every byte escaped, fits.
pub const FRAME_LIMIT: usize = 128 * 1024;
/// How often the server sends a heartbeat, in milliseconds. A client that hears nothing for twice as long reconnects.
pub const HEARTBEAT_MS: u64 = 30_000;
/// The version of the gateway and of the REST API that this server speaks.
pub const API_CURRENT: u32 = 1;
/// The oldest version that it still understands.
pub const API_MIN: u32 = 1;

/// Every `type` of a frame from the server.
pub const FRAMES_FROM_SERVER: &[&str] = &[
    "hello",
    "guest_hello",
    "event",
    "presence",
    "typing",
    "read_marks",
    "rtc",
    "call",
    "ack",
    "error",
    "heartbeat",
    "pong",
];
/// Every `type` of a frame from a client.
pub const FRAMES_FROM_CLIENT: &[&str] =
    &["auth", "resume", "watch", "post", "typing", "read", "presence", "rtc", "call", "ping"];

#[cfg(test)]
mod tests;
