//! Prefixes in their usual spelling, read at half the cost of the full grammar.

use crate::space::{Block, BlockError, Family};

/// The same as [`Block::parse`]; only texts in an unusual spelling go through it.
pub fn parse(text: &str) -> Result<(Block, bool), BlockError> {
    let bytes = text.as_bytes();
    usual_v4(bytes)
        .or_else(|| usual_v6(bytes))
        .map_or_else(|| Block::parse(text), Ok)
}

/// Four decimal parts without leading zeros and a length.
fn usual_v4(text: &[u8]) -> Option<(Block, bool)> {
    let (mut bits, mut part, mut digits, mut parts) = (0_u32, 0_u32, 0, 0);
    let mut rest = text.iter();
    loop {
        match *rest.next()? {
            digit @ b'0'..=b'9' if digits < 3 && (digits == 0 || part != 0) => {
                part = part * 10 + u32::from(digit - b'0');
                digits += 1;
            }
            end @ (b'.' | b'/') if digits > 0 && part < 256 && parts < 4 => {
                bits = bits << 8 | part;
                (part, digits, parts) = (0, 0, parts + 1);
                if end == b'/' {
                    break;
                }
            }
            _ => return None,
        }
    }
    if parts != 4 {
        return None;
    }
    block(Family::V4, bits.into(), rest.as_slice())
}

/// Groups of hexadecimal digits, perhaps with `::` behind the first, and a length.
fn usual_v6(text: &[u8]) -> Option<(Block, bool)> {
    let (mut bits, mut part, mut digits) = (0_u128, 0_u32, 0);
    let (mut groups, mut gap) = (0_u32, None);
    let mut rest = text.iter();
    loop {
        let byte = *rest.next()?;
        let is_end = byte == b'/';
        if let Some(digit) = char::from(byte).to_digit(16).filter(|_| digits < 4) {
            part = part << 4 | digit;
            digits += 1;
            continue;
        }
        if !is_end && byte != b':' {
            return None;
        }
        if digits > 0 {
            bits = bits << 16 | u128::from(part);
            (part, digits, groups) = (0, 0, groups + 1);
        } else if is_end {
            gap.filter(|&head| head == groups)?;
        } else if groups == 0 || gap.replace(groups).is_some() {
            return None;
        }
        if is_end {
            break;
        }
        if groups > 7 {
            return None;
        }
    }
    let address = match gap {
        None if groups == 8 => bits,
        // Head and tail are at most six groups and the head is at least one: no shift overflows.
        Some(head) if groups < 7 => {
            let tail = 16 * (groups - head);
            let low = bits & ((1 << tail) - 1);
            (bits >> tail) << (128 - 16 * head) | low
        }
        _ => return None,
    };
    block(Family::V6, address, rest.as_slice())
}

fn block(family: Family, address: u128, length: &[u8]) -> Option<(Block, bool)> {
    let digits = match length {
        [b'0'..=b'9'] | [b'1'..=b'9', b'0'..=b'9'] | [b'1', b'0'..=b'9', b'0'..=b'9'] => length,
        _ => return None,
    };
    let number = |sum: u32, digit: &u8| sum * 10 + u32::from(digit - b'0');
    let length = u8::try_from(digits.iter().fold(0, number)).ok()?;
    if length > family.bits() {
        return None;
    }
    let block = Block::holding(family, address, length);
    Some((block, block.first() != address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_spellings_are_read_without_the_full_grammar() {
        for text in ["20.38.98.0/24", "0.0.0.0/0", "255.255.255.255/32"] {
            assert!(usual_v4(text.as_bytes()).is_some(), "{text}");
        }
        let v6 = [
            "2603:1030:800:5::bfee:a0c/127",
            "2603:1000:4::/46",
            "1:2:3:4:5:6:7:8/128",
        ];
        for text in v6 {
            assert!(usual_v6(text.as_bytes()).is_some(), "{text}");
        }
    }

    #[test]
    fn every_spelling_is_read_as_by_the_full_grammar() {
        let heads = [
            "",
            "1",
            "1.2.3.4",
            "1.2.3.256",
            "01.2.3.4",
            "1.2.3",
            "1.2.3.4.5",
            "1..3.4",
            ".1.2.3",
            "1.2.3.4.",
            "255.255.255.255",
            "+1.2.3.4",
            "1.2.3.0004",
            "::",
            "::1",
            ":",
            ":1",
            "1:",
            "1::",
            "1:::",
            "1::2::3",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "1:2:3:4:5:6::8",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8:",
            "1:2:3:4:5:6:7:8::",
            "1::3:4:5:6:7:8",
            "2603::FFFF:abcd",
            "00001::",
            "12345::",
            "::ffff:1.2.3.4",
            "1::1.2.3.4",
            "g::",
            "1::2:",
            "é::",
            "fe80::1%1",
            "2603:0001:0800::0",
        ];
        let tails = [
            "", "/", "/0", "/8", "/08", "/24", "/31", "/32", "/33", "/46", "/64", "/128", "/129",
            "/256", "/1000", "/ 8", "/8 ", "/-1", "/+8", "/a", "/8/8",
        ];
        for head in heads {
            for tail in tails {
                let text = format!("{head}{tail}");
                assert_eq!(parse(&text), Block::parse(&text), "{text}");
            }
        }
    }
}
