//! A message of a meeting, and a meeting's code, as a client sends them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rony_rtc::{
    room::RoomCode,
    signal::{ClientMessage, check},
};

fuzz_target!(|text: &str| {
    if let Ok(message) = ClientMessage::parse(text)
        && check(&message).is_ok()
    {
        let json = serde_json::to_string(&message).expect("what was read can be written");
        assert_eq!(ClientMessage::parse(&json).expect("what was written can be read"), message);
    }
    if let Ok(code) = text.parse::<RoomCode>() {
        assert_eq!(code.to_string().parse(), Ok(code));
    }
});
