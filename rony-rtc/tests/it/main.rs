//! Facts about rooms, calls, negotiation and the wire, through the public interface. One program, so that it is linked once.

mod calls;
mod coturn;
mod negotiation;
#[cfg(feature = "peer")]
mod peers;
mod platform;
mod rooms;
mod turn;
mod wire;
