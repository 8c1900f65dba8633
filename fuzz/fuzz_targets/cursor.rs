//! The cursor of a list, as it comes back in a query string, with the shapes of key that lists have.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rony_core::page::Cursor;

fuzz_target!(|text: &str| {
    if let Ok(cursor) = serde_json::from_value::<Cursor>(text.into()) {
        let _ = cursor.decode::<(i64, [u8; 16])>("list");
        let _ = cursor.decode::<(String, Option<bool>, u64)>("list");
    }
});
