//! Figures in the sentences of failures.

use std::time::Duration;

use crate::text::counted;

/// `30 s`, `0.25 s`: a time in seconds, without zeros that say nothing.
pub(super) fn seconds(time: Duration) -> String {
    let millis = time.as_millis();
    if millis.is_multiple_of(1000) {
        return format!("{} s", millis / 1000);
    }
    let fraction = format!("{:03}", millis % 1000);
    format!("{}.{} s", millis / 1000, fraction.trim_end_matches('0'))
}

/// `16 MiB`, `1000 bytes`.
pub(super) fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    if bytes >= MIB && bytes.is_multiple_of(MIB) {
        format!("{} MiB", bytes / MIB)
    } else {
        counted(bytes, "byte", "bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_a_person_writes_them() {
        assert_eq!(seconds(Duration::from_secs(123)), "123 s");
        assert_eq!(size(16 << 20), "16 MiB");
        assert_eq!(size(1000), "1000 bytes");
        assert_eq!(seconds(Duration::from_millis(50)), "0.05 s");
        assert_eq!(seconds(Duration::from_millis(1500)), "1.5 s");
    }
}
