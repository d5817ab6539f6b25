//! Any bytes as a text with addresses in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tagscope::text::{decode_lossy, scan};

fuzz_target!(|bytes: &[u8]| {
    let text = decode_lossy(bytes);
    let mut at = 0;
    for found in scan(&text) {
        assert!(found.span.start >= at && !found.span.is_empty());
        assert!(!text[at..found.span.start].contains(char::is_alphanumeric));
        at = found.span.end;
    }
    assert!(!text[at..].contains(char::is_alphanumeric));
});
