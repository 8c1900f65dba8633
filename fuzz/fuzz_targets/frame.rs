//! A frame of the gateway, as a client sends it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rony_core::wire::ClientFrame;

fuzz_target!(|bytes: &[u8]| {
    let _ = serde_json::from_slice::<ClientFrame>(bytes);
});
