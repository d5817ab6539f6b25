//! Any bytes as a file of rules.
#![no_main]

#[path = "../drive.rs"]
mod drive;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    drive::drive(bytes);
});
