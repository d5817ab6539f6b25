//! Any bytes as a packed file, and the head of an archived week.
#![no_main]

#[path = "../readers.rs"]
mod readers;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    readers::gzip(bytes);
});
