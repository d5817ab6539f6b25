//! What stands behind an address and belongs to it: a length, a mask, the end of a range.

use std::net::IpAddr;
use std::ops::Range;

use crate::text::scan::quad::{Quad, mask_length, quad, wildcard_length};
use crate::text::scan::run::{Plain, Scanner, found, item, wrong};
use crate::text::{Flaw, Found, Reading, Readings, What};

/// Most columns between an address and the word `range` before it.
const NEAR: usize = 24;
/// What a mask is called.
const MASK_WORDS: [&str; 7] = [
    "mask",
    "netmask",
    "wildcard",
    "wildcardmask",
    "subnetmask",
    "subnet_mask",
    "snmask",
];

impl Scanner<'_> {
    /// An address with what follows it: brackets, a zone, a length, a mask, the end of a range.
    pub(super) fn extended(&self, plain: Plain) -> Found {
        let mut plain = plain;
        let mut end = plain.end;
        if plain.readings.has(Reading::Port) {
            end += 1 + self.digits(plain.end + 1);
            return item(plain, What::Address(plain.address), end);
        }
        if plain.address.is_ipv6() && self.byte(end) == Some(b'%') {
            let rest = self.bytes.get(end + 1..).unwrap_or_default();
            let zone = rest.iter().take_while(|&&byte| is_zone(byte)).count();
            if zone > 0 {
                end += 1 + zone;
                plain.readings = plain.readings.with(Reading::Zone);
            }
        }
        let is_bracketed = plain.start.checked_sub(1).and_then(|at| self.byte(at)) == Some(b'[');
        if is_bracketed && self.byte(end) == Some(b']') {
            if let Some(port_end) = self.port(end + 1) {
                return found(plain, port_end, Reading::Port);
            }
            if end == plain.end {
                return item(plain, What::Address(plain.address), end);
            }
        }
        if end > plain.end {
            return item(plain, What::Address(plain.address), end);
        }
        self.length(plain)
            .or_else(|| self.mask(plain))
            .or_else(|| self.range(plain))
            .unwrap_or_else(|| item(plain, What::Address(plain.address), end))
    }

    /// `/23`, ` /23`, `/255.255.254.0`.
    fn length(&self, plain: Plain) -> Option<Found> {
        let spaces = self.spaces(plain.end);
        let slash = plain.end + spaces;
        if self.byte(slash) != Some(b'/') {
            return None;
        }
        let before = self.slice(plain.start.saturating_sub(2)..plain.start);
        if before.ends_with(b"//") || before.ends_with(b"@") {
            return None;
        }
        let most = if plain.address.is_ipv4() { 32 } else { 128 };
        let digits = self.digits(slash + 1);
        let end = slash + 1 + digits;
        let number = self.text(slash + 1..end);
        if digits > 0 && !self.goes_on(end) {
            // A number past 255 is too long for either family.
            let length = number.parse().unwrap_or(u8::MAX);
            if length <= most {
                return self.block(plain, length, end, Readings::PLAIN, spaces > 0);
            }
            return Some(self.no_length(plain, spaces, end, too_long(most)));
        }
        if spaces > 0 {
            return None;
        }
        let run = self.run_at(slash + 1).span;
        if let (IpAddr::V4(_), Quad::Address(mask)) = (plain.address, quad(self.slice(run.clone())))
        {
            let length = mask_length(mask)
                .map(|length| (length, Reading::Mask))
                .or_else(|| Some((wildcard_length(mask)?, Reading::Wildcard)));
            return match length {
                Some((length, reading)) => {
                    let readings = Readings::PLAIN.with(reading);
                    self.block(plain, length, run.end, readings, false)
                }
                None => Some(self.no_length(plain, 0, run.end, Flaw::NoLength)),
            };
        }
        let is_short = (1..=3).contains(&run.len()) && !self.goes_on(run.end);
        let is_typo = is_short && self.is_alone(plain.start, run.end);
        is_typo.then(|| wrong(plain.start..run.end, Flaw::NoLength))
    }

    /// A CIDR; bits behind the length make it one only where it stands alone.
    fn block(
        &self,
        plain: Plain,
        length: u8,
        end: usize,
        readings: Readings,
        is_spaced: bool,
    ) -> Option<Found> {
        let mut plain = plain;
        plain.readings = readings;
        if has_host_bits(plain.address, length) {
            if !self.is_alone(plain.start, end) {
                return (!is_spaced).then(|| found(plain, end, Reading::LengthAside));
            }
            plain.readings = plain.readings.with(Reading::HostBits);
        }
        Some(item(plain, What::Block(plain.address, length), end))
    }

    fn no_length(&self, plain: Plain, spaces: usize, end: usize, flaw: Flaw) -> Found {
        if self.is_alone(plain.start, end) {
            wrong(plain.start..end, flaw)
        } else if spaces == 0 {
            found(plain, end, Reading::LengthAside)
        } else {
            item(plain, What::Address(plain.address), plain.end)
        }
    }

    /// `a.b.c.d m.m.m.m`, also with `mask` or `netmask` between them.
    fn mask(&self, plain: Plain) -> Option<Found> {
        let IpAddr::V4(address) = plain.address else {
            return None;
        };
        let (start, is_named, is_wide) = self.mask_start(plain.end)?;
        let run = self.run_at(start).span;
        let Quad::Address(mask) = quad(self.slice(run.clone())) else {
            return None;
        };
        // With a length or as the end of a range it is no mask.
        if matches!(self.byte(run.end), Some(b'/' | b'-')) {
            return None;
        }
        // Behind a comma only what cannot be an address is a mask.
        if !is_named && is_wide && mask >> 24 != 255 && (mask >> 24 != 0 || mask == 0) {
            return None;
        }
        let bits = address.to_bits();
        let fits = |length: u8| !has_host_bits(plain.address, length);
        // `0.0.0.0 255.255.255.255` is every address in lists of rules; nothing is routed so.
        let as_mask = mask_length(mask)
            .filter(|&length| fits(length) && !(bits == 0 && length == 32))
            .map(|length| (length, Reading::Mask));
        let as_wildcard = || {
            let length = wildcard_length(mask).filter(|&length| fits(length))?;
            Some((length, Reading::Wildcard))
        };
        if let Some((length, reading)) = as_mask.or_else(as_wildcard) {
            let mut plain = plain;
            plain.readings = plain.readings.with(reading);
            let what = if length == 32 {
                What::Address(plain.address)
            } else {
                What::Block(plain.address, length)
            };
            return Some(item(plain, what, run.end));
        }
        let is_some_mask = mask >> 24 == 255 && mask_length(mask).is_some()
            || mask >> 24 == 0 && wildcard_length(mask).is_some();
        (is_some_mask || is_named && mask_length(mask).is_some())
            .then(|| found(plain, run.end, Reading::MaskAside))
    }

    /// Where the mask of an address may begin; whether it is called one; whether more than white space
    /// is between them.
    fn mask_start(&self, end: usize) -> Option<(usize, bool, bool)> {
        let mut at = end;
        let mut is_named = false;
        let mut is_wide = false;
        loop {
            match self.byte(at)? {
                b' ' | b'\t' => {}
                b',' | b';' | b':' | b'=' | b'"' | b'\'' if at > end || self.byte(at)? != b':' => {
                    is_wide = true;
                }
                b'0'..=b'9' => return (at > end).then_some((at, is_named, is_wide)),
                b'n' | b'N' | b'm' | b'M' | b'w' | b'W' | b's' | b'S' if !is_named && at > end => {
                    let word = self.bytes.get(at..).unwrap_or_default();
                    let length = word
                        .iter()
                        .take(16)
                        .take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'_')
                        .count();
                    let word = self.text(at..at + length);
                    if !MASK_WORDS
                        .iter()
                        .any(|mask| word.eq_ignore_ascii_case(mask))
                    {
                        return None;
                    }
                    is_named = true;
                    at += length;
                    continue;
                }
                _ => return None,
            }
            at += 1;
        }
    }

    /// `a-b`; with spaces or `to` only where nothing else is in the cell, or behind the word `range`.
    fn range(&self, plain: Plain) -> Option<Found> {
        let spaces = self.spaces(plain.end);
        let rest = self.line.get(plain.end + spaces..)?;
        let sign = ["-", "–", "—", "to "]
            .into_iter()
            .find(|sign| rest.starts_with(sign))?;
        let after = plain.end + spaces + sign.len();
        let is_spaced = spaces > 0 || sign == "to " || self.spaces(after) > 0;
        let start = after + self.spaces(after);
        let run = self.run_at(start).span;
        if self.text(start..run.end).starts_with('>') || run.is_empty() {
            return None;
        }
        let last = self.plain_end(run.clone());
        let Some(last) = last else {
            let is_short = !is_spaced
                && plain.address.is_ipv4()
                && (1..=3).contains(&run.len())
                && self.digits(start) == run.len()
                && self.is_alone(plain.start, run.end);
            return is_short.then(|| wrong(plain.start..run.end, Flaw::ShortRange));
        };
        // `a-b-c`, `a-b/24` and `a-b:443` are no ranges.
        if matches!(self.byte(last.end), Some(b'-' | b'/' | b':' | b'%')) {
            return None;
        }
        if is_spaced && !self.is_alone(plain.start, last.end) && !self.follows_range(plain.start) {
            return None;
        }
        let span = plain.start..last.end;
        match (plain.address, last.address) {
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => {
                Some(wrong(span, Flaw::TwoFamilies))
            }
            (first, end) if first > end => Some(wrong(span, Flaw::Backwards)),
            (first, end) => {
                let mut plain = plain;
                if is_spaced {
                    plain.readings = plain.readings.with(Reading::SpacedRange);
                }
                Some(item(plain, What::Range(first, end), last.end))
            }
        }
    }

    /// An address that is the whole of a run.
    fn plain_end(&self, run: Range<usize>) -> Option<Plain> {
        let plain = match self.v4(run.clone()) {
            Some(Ok(plain)) => plain,
            _ => self.v6(run.clone())?,
        };
        (plain.start == run.start && plain.readings.is_plain()).then_some(plain)
    }

    fn spaces(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.iter().take_while(|&&byte| byte == b' ').count()
    }

    /// Whether the word before is `range`.
    fn follows_range(&self, start: usize) -> bool {
        let from = self.line.floor_char_boundary(start.saturating_sub(NEAR));
        let before = self.text(from..start);
        let word = before.trim_end_matches([' ', ':', '=', '"', '\'', '(']);
        let word = word.strip_suffix(['s', 'S']).unwrap_or(word);
        word.len() >= 5
            && word
                .get(word.len() - 5..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case("range"))
    }

    /// Whether nothing else stands in its line or cell; a key before it is nothing else.
    pub(super) fn is_alone(&self, start: usize, end: usize) -> bool {
        let before = self
            .text(0..start)
            .trim_end_matches([' ', '"', '\'', '`', '[', '(', '{', '“', '‘', '-', '*', '•']);
        let after = self.text(end..self.bytes.len());
        let after = after.trim_start_matches([' ', '"', '\'', '`', ']', ')', '}', '”', '’']);
        let is_edge = |c: char| matches!(c, ',' | ';' | '\t' | '|');
        let is_start =
            before.is_empty() || before.ends_with(|c| is_edge(c) || matches!(c, ':' | '='));
        is_start
            && (after.is_empty()
                || after.starts_with(is_edge)
                || after == "."
                || after.starts_with('#'))
    }
}

fn is_zone(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

fn has_host_bits(address: IpAddr, length: u8) -> bool {
    let (bits, width) = match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()), 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    };
    match u32::from(length) {
        0 => bits != 0,
        length => bits.checked_shl(128 - width + length).unwrap_or(0) != 0,
    }
}

const fn too_long(most: u8) -> Flaw {
    Flaw::Length {
        family: if most == 32 { 4 } else { 6 },
        most,
    }
}
