//! The text of a message, in which mentions are looked for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rony_core::mention::{candidates, mentions};

fuzz_target!(|text: &str| {
    for name in &mentions(text).names {
        assert_eq!(candidates(name).next(), Some(name.as_str()));
    }
});
