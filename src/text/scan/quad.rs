//! Dotted quads and masks.

use crate::text::{Safe, counted};

/// What a run of letters, digits and dots is, where it may be an IPv4 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quad {
    /// Four numbers up to 255 without leading zeros.
    Address(u32),
    /// Four numbers of at most three digits that are no address.
    Wrong,
    /// Anything else: a name, a version, a number.
    No,
}

/// Reads `1.2.3.4`, the whole of it.
pub(super) fn quad(run: &[u8]) -> Quad {
    let (mut bits, mut part, mut digits, mut dots) = (0_u32, 0_u32, 0, 0);
    let mut is_wrong = false;
    for &byte in run {
        match byte {
            b'0'..=b'9' => {
                is_wrong |= digits == 1 && part == 0;
                part = part * 10 + u32::from(byte - b'0');
                digits += 1;
                if digits > 3 {
                    return Quad::No;
                }
            }
            b'.' => {
                dots += 1;
                if digits == 0 || dots > 3 {
                    return Quad::No;
                }
                is_wrong |= part > 255;
                bits = bits << 8 | part & 255;
                (part, digits) = (0, 0);
            }
            _ => return Quad::No,
        }
    }
    if dots != 3 || digits == 0 {
        Quad::No
    } else if is_wrong || part > 255 {
        Quad::Wrong
    } else {
        Quad::Address(bits << 8 | part)
    }
}

/// The length that a mask stands for: ones, then zeros.
pub(super) const fn mask_length(mask: u32) -> Option<u8> {
    wildcard_length(!mask)
}

/// The length that a wildcard mask stands for: zeros, then ones.
pub(super) const fn wildcard_length(wildcard: u32) -> Option<u8> {
    let length = wildcard.leading_zeros();
    if wildcard.count_ones() + length == 32 {
        #[expect(clippy::cast_possible_truncation, reason = "at most 32")]
        Some(length as u8)
    } else {
        None
    }
}

/// Why a text is no IPv4 address.
#[must_use]
pub fn why_not_v4(text: &str) -> String {
    let short = |part: &str| {
        let head: String = part.chars().take(40).collect();
        Safe::new(&head)
    };
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 {
        return format!("{} instead of 4", counted(parts.len(), "part", "parts"));
    }
    let wrong = parts
        .iter()
        .find(|part| part.parse::<u8>().is_err() || has_leading_zero(part));
    match wrong {
        Some(part) if has_leading_zero(part) => format!("{} has a leading zero", short(part)),
        Some(part) if part.parse::<u64>().is_ok() => format!("{part} exceeds 255"),
        Some(part) => format!("{} is not a number", short(part)),
        None => "not four numbers".to_owned(),
    }
}

fn has_leading_zero(part: &str) -> bool {
    part.len() > 1 && part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_numbers_are_an_address() {
        assert_eq!(quad(b"1.2.3.4"), Quad::Address(0x0102_0304));
        assert_eq!(quad(b"255.255.255.255"), Quad::Address(u32::MAX));
        assert_eq!(quad(b"0.0.0.0"), Quad::Address(0));
        for wrong in ["256.1.1.1", "1.1.1.999", "01.1.1.1", "1.1.1.00"] {
            assert_eq!(quad(wrong.as_bytes()), Quad::Wrong, "{wrong}");
        }
        for no in [
            "",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "1..3.4",
            ".1.2.3",
            "1.2.3.",
            "a.2.3.4",
            "126.0.6478.127",
        ] {
            assert_eq!(quad(no.as_bytes()), Quad::No, "{no}");
        }
    }

    #[test]
    fn a_mask_is_one_run_of_ones() {
        assert_eq!(mask_length(0xffff_f800), Some(21));
        assert_eq!(mask_length(0), Some(0));
        assert_eq!(mask_length(u32::MAX), Some(32));
        assert_eq!(mask_length(0xff00_ff00), None);
        assert_eq!(wildcard_length(0x0000_07ff), Some(21));
        assert_eq!(wildcard_length(u32::MAX), Some(0));
        assert_eq!(wildcard_length(0x0000_0700), None);
    }

    #[test]
    fn the_wrong_part_is_named() {
        for (text, reason) in [
            ("1.2.3", "3 parts instead of 4"),
            ("256.1.1.1", "256 exceeds 255"),
            ("01.2.3.4", "01 has a leading zero"),
            ("a.2.3.4", "a is not a number"),
        ] {
            assert_eq!(why_not_v4(text), reason);
        }
    }
}
