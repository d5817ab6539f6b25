//! Any bytes as the text of a failed command.
#![no_main]

#[allow(dead_code, reason = "a target drives one reader")]
#[path = "../readers.rs"]
mod readers;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    readers::explain(bytes);
});
