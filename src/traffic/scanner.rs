//! Bytes → the addresses in them, in place.
//!
//! The same spans as [`crate::text::scan`] finds for single addresses in plain text, without lines,
//! without UTF-8 and without a list in memory. A mask, the end of a range and a defanged form are
//! no business of a log: the addresses in them are taken one by one, or not at all.

use std::net::Ipv6Addr;

use memchr::memchr2;

use crate::space::Family;
use crate::text::v6_in;

/// An address and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Its first byte.
    pub start: usize,
    /// Behind its last byte; a port, a zone or a length stays behind it.
    pub end: usize,
    /// Its family; an IPv4 address written as IPv6 is IPv4.
    pub family: Family,
    /// Its bits.
    pub bits: u128,
}

/// Longest run that may be an IPv6 address with what is around it.
const LONGEST: usize = 80;

/// The addresses of some bytes, in order; what is before and behind the bytes counts as a space.
pub struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    /// What lies before was taken already.
    floor: usize,
    /// Up to here a run was tried as IPv6.
    tried: usize,
}

/// Goes through bytes.
#[must_use]
pub const fn spots(bytes: &[u8]) -> Scanner<'_> {
    Scanner {
        bytes,
        at: 0,
        floor: 0,
        tried: 0,
    }
}

/// The address that these bytes are, as a whole.
#[must_use]
pub fn whole(bytes: &[u8]) -> Option<Spot> {
    let spot = spots(bytes).next()?;
    (spot.start == 0 && spot.end == bytes.len()).then_some(spot)
}

impl Iterator for Scanner<'_> {
    type Item = Spot;

    #[inline]
    fn next(&mut self) -> Option<Spot> {
        loop {
            let sign = self.at + memchr2(b'.', b':', self.bytes.get(self.at..)?)?;
            self.at = sign + 1;
            let next = self.byte(sign + 1);
            let found = if self.byte(sign) == b'.' {
                // Most dots are those of sentences, names and numbers.
                if !next.is_ascii_digit() || !self.before(sign).is_ascii_digit() {
                    continue;
                }
                self.quad(sign)
            } else if sign >= self.tried && (next.is_ascii_hexdigit() || next == b':') {
                self.groups(sign)
            } else {
                None
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

impl Scanner<'_> {
    /// A byte; a space beyond the ends.
    #[inline]
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b' ')
    }

    /// The byte before a place; a space where that was taken already.
    #[inline]
    fn before(&self, at: usize) -> u8 {
        if at > self.floor {
            self.byte(at - 1)
        } else {
            b' '
        }
    }

    /// The IPv4 address whose first dot this is.
    #[inline]
    fn quad(&mut self, dot: usize) -> Option<Spot> {
        let mut start = dot;
        while start > self.floor && dot - start < 4 && self.byte(start - 1).is_ascii_digit() {
            start -= 1;
        }
        let before = self.before(start);
        // A part of an escape, `%20` or `\n`, is no part of a number.
        if dot - start > 3 || before == b'%' || is_word(before) {
            start = self.behind_escape(dot)?;
        }
        let (bits, end) = self.numbers(start)?;
        if !self.begins(start) || !self.ends(end) || self.is_version(start, end) {
            return None;
        }
        self.at = end;
        self.floor = end;
        if self.byte(end) == b':' {
            self.pass_port(end);
        }
        Some(Spot {
            start,
            end,
            family: Family::V4,
            bits: u128::from(bits),
        })
    }

    /// Four numbers up to 255 without leading zeros, and where they end.
    #[inline]
    fn numbers(&self, start: usize) -> Option<(u32, usize)> {
        let (mut bits, mut at) = (0_u32, start);
        for place in 0..4 {
            if place > 0 {
                if self.byte(at) != b'.' {
                    return None;
                }
                at += 1;
            }
            let first = self.byte(at).wrapping_sub(b'0');
            if first > 9 {
                return None;
            }
            at += 1;
            let mut number = u32::from(first);
            let second = self.byte(at).wrapping_sub(b'0');
            if second <= 9 {
                if first == 0 {
                    return None;
                }
                number = number * 10 + u32::from(second);
                at += 1;
                let third = self.byte(at).wrapping_sub(b'0');
                if third <= 9 {
                    number = number * 10 + u32::from(third);
                    at += 1;
                    if number > 255 {
                        return None;
                    }
                }
            }
            bits = bits << 8 | number;
        }
        Some((bits, at))
    }

    /// Whether a number that begins here is not a part of something longer.
    #[inline]
    fn begins(&self, start: usize) -> bool {
        match self.before(start) {
            b'.' => {
                let dots = self.dots_before(start);
                let before = self.before(start - dots);
                // One dot before a number makes it the name of an object: `.1.3.6.1`.
                dots > 1 && !is_word(before) && !self.is_wide_before(start - dots)
            }
            byte if byte < 0x80 => true,
            _ => !self.is_wide_before(start),
        }
    }

    fn dots_before(&self, start: usize) -> usize {
        let taken = self.bytes.get(self.floor..start).unwrap_or_default();
        taken.iter().rev().take_while(|&&byte| byte == b'.').count()
    }

    /// Whether a number that ends here is not a part of something longer.
    #[inline]
    fn ends(&self, end: usize) -> bool {
        let mut end = end;
        let mut byte = self.byte(end);
        while byte == b'.' {
            end += 1;
            byte = self.byte(end);
        }
        if byte < 0x80 {
            !is_word(byte)
        } else {
            !self.is_wide_at(end)
        }
    }

    /// Whether the character before a place is a number beyond ASCII.
    fn is_wide_before(&self, at: usize) -> bool {
        if self.before(at) < 0x80 {
            return false;
        }
        let from = at.saturating_sub(4).max(self.floor);
        let near = self.bytes.get(from..at).unwrap_or_default();
        let character = near.utf8_chunks().last().and_then(|chunk| {
            let is_whole = chunk.invalid().is_empty();
            chunk.valid().chars().next_back().filter(|_| is_whole)
        });
        character.is_some_and(char::is_numeric)
    }

    /// Whether the character at a place is a number beyond ASCII.
    fn is_wide_at(&self, at: usize) -> bool {
        let to = (at + 4).min(self.bytes.len());
        let near = self.bytes.get(at..to).unwrap_or_default();
        let chunk = near.utf8_chunks().next();
        let character = chunk.and_then(|chunk| chunk.valid().chars().next());
        character.is_some_and(|c| !c.is_ascii() && c.is_numeric())
    }

    /// Where a run of letters and digits begins that ends here, behind an escape that it seems to hold.
    #[cold]
    fn behind_escape(&self, end: usize) -> Option<usize> {
        let taken = self.bytes.get(self.floor..end)?;
        let run = taken.iter().rev().take_while(|&&byte| is_word(byte));
        // Behind `\u0020` stand three digits at most.
        let length = run.take(LONGEST).count();
        let start = self.behind_escape_of(end - length);
        (start < end).then_some(start)
    }

    /// Where a run begins, whose first letters may belong to an escape.
    fn behind_escape_of(&self, start: usize) -> usize {
        let is_hex = |count: usize| {
            let digits = self.bytes.get(start..start + count);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        match (self.before(start), self.byte(start)) {
            (b'%', _) if is_hex(2) => start + 2,
            (b'\\', b'n' | b'r' | b't' | b'b' | b'f') => start + 1,
            (b'\\', b'u') => {
                let digits = self.bytes.get(start + 1..start + 5);
                let is_all = digits.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit));
                if is_all { start + 5 } else { start }
            }
            _ => start,
        }
    }

    /// `Chrome/126.0.0.0`, but not `inside/10.0.0.0/8`.
    fn is_version(&self, start: usize, end: usize) -> bool {
        self.before(start) == b'/'
            && start > self.floor + 1
            && self.before(start - 1).is_ascii_alphabetic()
            && self.bytes.get(end - 4..end) == Some(b".0.0")
            && self.byte(end) != b'/'
    }

    /// Goes past a port, where something else follows it: `1.2.3.4:80:5.6.7.8:443`.
    fn pass_port(&mut self, colon: usize) {
        let rest = self.bytes.get(colon + 1..).unwrap_or_default();
        let digits = rest.iter().take(6).take_while(|byte| byte.is_ascii_digit());
        let end = colon + 1 + digits.count();
        if self.byte(end) == b':' && (colon + 2..=colon + 6).contains(&end) {
            self.floor = end + 1;
            self.at = end + 1;
        }
    }

    /// The IPv6 address in the run whose first colon this is.
    fn groups(&mut self, colon: usize) -> Option<Spot> {
        let mut start = colon;
        while start > self.floor && is_joined(self.byte(start - 1)) && colon - start <= LONGEST {
            start -= 1;
        }
        start = self.behind_escape_of(start);
        let (mut end, mut colons, mut is_short) = (colon, 0, false);
        loop {
            let byte = self.byte(end);
            if !is_joined(byte) {
                break;
            }
            if byte == b':' {
                colons += 1;
                is_short |= self.byte(end + 1) == b':';
            }
            end += 1;
        }
        self.tried = end;
        // A time has two colons, the name of a device five.
        if start > colon || end - start > LONGEST || !is_short && colons < 6 {
            return None;
        }
        if self.is_wide_before(start) || self.is_wide_at(end) {
            return None;
        }
        let spot = self.six(start, end)?;
        self.at = spot.end;
        self.floor = spot.end;
        Some(spot)
    }

    /// An IPv6 address in a run; a word before it (`ip:`), a colon or a port behind it are none of it.
    fn six(&self, start: usize, end: usize) -> Option<Spot> {
        let (address, start, end) = match self.bytes.get(start..end).and_then(plain_six) {
            Some(bits) => (Ipv6Addr::from_bits(bits), start, end),
            None => self.odd_six(start, end)?,
        };
        let own = self.bytes.get(start..end)?;
        // Eight groups of two digits: the name of a device.
        if own.len() == 23 && own.split(|&byte| byte == b':').all(|part| part.len() == 2) {
            return None;
        }
        let has_digit = own.iter().any(u8::is_ascii_digit);
        let has_length = self.byte(end) == b'/' && self.byte(end + 1).is_ascii_digit();
        if !has_digit && !has_length && !self.is_alone(start, end) {
            return None;
        }
        let (family, bits) = match address.to_ipv4_mapped() {
            Some(v4) => (Family::V4, u128::from(v4.to_bits())),
            None => (Family::V6, address.to_bits()),
        };
        Some(Spot {
            start,
            end,
            family,
            bits,
        })
    }

    /// The same where more stands in the run than groups.
    fn odd_six(&self, start: usize, end: usize) -> Option<(Ipv6Addr, usize, usize)> {
        let run = std::str::from_utf8(self.bytes.get(start..end)?).ok()?;
        let found = v6_in(run)?;
        Some((
            found.address,
            start + found.span.start,
            start + found.span.end,
        ))
    }

    /// Whether nothing else stands in its line or cell; a key before it is nothing else.
    fn is_alone(&self, start: usize, end: usize) -> bool {
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let before = self.bytes.get(..start).unwrap_or_default();
        let line = before.iter().rposition(is_end);
        let mut before = before
            .get(line.map_or(0, |at| at + 1)..)
            .unwrap_or_default();
        while let Some(shorter) = OPENING.iter().find_map(|sign| before.strip_suffix(*sign)) {
            before = shorter;
        }
        let after = self.bytes.get(end..).unwrap_or_default();
        let line = after.iter().position(is_end);
        let mut after = after.get(..line.unwrap_or(after.len())).unwrap_or_default();
        while let Some(shorter) = CLOSING.iter().find_map(|sign| after.strip_prefix(*sign)) {
            after = shorter;
        }
        let is_edge = |byte: &u8| matches!(byte, b',' | b';' | b'\t' | b'|');
        let is_start = before
            .last()
            .is_none_or(|byte| is_edge(byte) || matches!(byte, b':' | b'='));
        let is_end = after
            .first()
            .is_none_or(|byte| is_edge(byte) || *byte == b'#');
        is_start && (is_end || after == b".")
    }
}

/// The bits of an IPv6 address of groups alone, without a quad at its end.
#[inline]
fn plain_six(run: &[u8]) -> Option<u128> {
    // Groups so far, their digits, how many groups stood before the gap.
    let (mut groups, mut digits, mut gap) = (0_u32, 0_u32, None);
    let (mut bits, mut group) = (0_u128, 0_u16);
    let mut before = 0;
    for (at, &byte) in run.iter().enumerate() {
        let digit = hex(byte);
        if digit != NO_DIGIT {
            digits += 1;
            if digits > 4 {
                return None;
            }
            group = group << 4 | u16::from(digit);
        } else if byte == b':' {
            if digits > 0 {
                bits = bits << 16 | u128::from(group);
                groups += 1;
                (group, digits) = (0, 0);
            } else if before == b':' {
                if gap.replace(groups).is_some() {
                    return None;
                }
            } else if at > 0 || run.get(1) != Some(&b':') {
                return None;
            }
        } else {
            return None;
        }
        before = byte;
    }
    if digits > 0 {
        bits = bits << 16 | u128::from(group);
        groups += 1;
    } else if gap != Some(groups) {
        // It ends with a colon that is none of it.
        return None;
    }
    match gap {
        None => (groups == 8).then_some(bits),
        Some(_) if groups > 7 => None,
        Some(head) => {
            let behind = 16 * (groups - head);
            let low = bits & !(u128::MAX.checked_shl(behind).unwrap_or(0));
            let high = bits.checked_shr(behind).unwrap_or(0);
            Some(high.checked_shl(128 - 16 * head).unwrap_or(0) | low)
        }
    }
}

/// No hexadecimal digit.
const NO_DIGIT: u8 = 0xff;

/// The value of a byte as a hexadecimal digit.
#[inline]
const fn hex(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        b'A'..=b'F' => byte - b'A' + 10,
        _ => NO_DIGIT,
    }
}

/// What may stand between a cell's begin and its address.
const OPENING: [&[u8]; 13] = [
    b" ",
    b"\"",
    b"'",
    b"`",
    b"[",
    b"(",
    b"{",
    b"-",
    b"*",
    "“".as_bytes(),
    "‘".as_bytes(),
    "•".as_bytes(),
    "\u{feff}".as_bytes(),
];

/// What may stand between an address and its cell's end.
const CLOSING: [&[u8]; 9] = [
    b" ",
    b"\"",
    b"'",
    b"`",
    b"]",
    b")",
    b"}",
    "”".as_bytes(),
    "’".as_bytes(),
];

/// A letter, a digit or an underscore.
#[inline]
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// What makes a run.
#[inline]
const fn is_joined(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'.' | b':')
}
