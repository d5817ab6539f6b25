//! Any bytes as a packed file, and the head of an archived week.
#![no_main]

#[allow(dead_code, reason = "a target drives one reader")]
#[path = "../readers.rs"]
mod readers;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    readers::gzip(bytes);
});
