//! Runs of letters, digits, dots and colons → items.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use crate::text::scan::quad::{Quad, mask_length, quad, wildcard_length};
use crate::text::{Flaw, Found, Reading, Readings, What};

/// Longest run that may be an IPv6 address with what is around it.
const LONGEST: usize = 80;
/// Most columns between an address and the word `range` before it.
const NEAR: usize = 24;

/// Goes through a line.
pub(super) struct Scanner<'a> {
    line: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Where the run ends that was looked at last: a part of it may still be to come.
    run_end: usize,
}

/// A run of letters, digits, dots and colons.
struct Run {
    span: Range<usize>,
    dots: usize,
    colons: usize,
    is_defanged: bool,
}

/// An address and where it stands, before what follows it is looked at.
#[derive(Clone, Copy)]
struct Plain {
    address: IpAddr,
    start: usize,
    end: usize,
    readings: Readings,
}

impl Iterator for Scanner<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let run = self.next_run()?;
            let found = self.read(&run);
            self.at = found.as_ref().map_or(run.span.end, |found| found.span.end);
            if found.is_some() {
                return found;
            }
        }
    }
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(line: &'a str) -> Self {
        Self {
            line,
            bytes: line.as_bytes(),
            at: 0,
            run_end: 0,
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn slice(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    fn text(&self, range: Range<usize>) -> &'a str {
        self.line.get(range).unwrap_or_default()
    }

    /// The next run that has the dots or colons of an address.
    fn next_run(&mut self) -> Option<Run> {
        if self.at < self.run_end && self.byte(self.at) == Some(b':') {
            return Some(Run {
                span: self.at + 1..self.run_end,
                dots: 3,
                colons: 2,
                is_defanged: false,
            });
        }
        loop {
            let start = self.skip_separators()?;
            let run = self.run_at(start);
            self.run_end = run.span.end;
            if run.dots >= 3 || run.colons >= 2 {
                return Some(run);
            }
            self.at = run.span.end.max(start + 1);
        }
    }

    /// The place of the next letter, digit, dot, colon or underscore; escapes are separators.
    fn skip_separators(&self) -> Option<usize> {
        let mut at = self.at;
        loop {
            let byte = self.byte(at)?;
            let hex = |range: Range<usize>| {
                let part = self.slice(range.clone());
                part.len() == range.len() && part.iter().all(u8::is_ascii_hexdigit)
            };
            at += match byte {
                b'\\' => match self.byte(at + 1) {
                    Some(b'u') if hex(at + 2..at + 6) => 6,
                    Some(b'n' | b'r' | b't' | b'b' | b'f') => 2,
                    _ => 1,
                },
                b'%' if hex(at + 1..at + 3) => 3,
                _ if is_joined(byte) => return Some(at),
                _ if byte.is_ascii() => 1,
                _ => match self.wide(at) {
                    Some((true, _)) => return Some(at),
                    Some((false, length)) => length,
                    None => 1,
                },
            };
        }
    }

    /// Whether the character beyond ASCII at a place belongs to numbers, and its length.
    fn wide(&self, at: usize) -> Option<(bool, usize)> {
        let character = self.line.get(at..)?.chars().next()?;
        Some((character.is_numeric(), character.len_utf8()))
    }

    fn run_at(&self, start: usize) -> Run {
        let (mut at, mut dots, mut colons, mut is_defanged) = (start, 0, 0, false);
        while let Some(byte) = self.byte(at) {
            match byte {
                b'.' => dots += 1,
                b':' => colons += 1,
                _ if is_joined(byte) => {}
                b'[' | b'(' => {
                    let Some((length, sign)) = self.defanged(at).filter(|_| at > start) else {
                        break;
                    };
                    is_defanged = true;
                    at += length;
                    if sign == '.' {
                        dots += 1;
                    } else {
                        colons += 1;
                    }
                    continue;
                }
                _ if byte.is_ascii() => break,
                _ => match self.wide(at) {
                    Some((true, length)) => {
                        at += length;
                        continue;
                    }
                    _ => break,
                },
            }
            at += 1;
        }
        Run {
            span: start..at,
            dots,
            colons,
            is_defanged,
        }
    }

    /// `[.]`, `(.)`, `[dot]`, `[:]`: the length and what is meant.
    fn defanged(&self, at: usize) -> Option<(usize, char)> {
        let rest = self.slice(at..(at + 5).min(self.bytes.len()));
        FANGS
            .iter()
            .find(|(text, _)| rest.starts_with(text.as_bytes()))
            .map(|&(text, sign)| (text.len(), sign))
    }

    fn read(&self, run: &Run) -> Option<Found> {
        if run.is_defanged {
            return self.read_defanged(run);
        }
        if run.colons >= 2 {
            if let Some(plain) = self.v6(run.span.clone()) {
                return Some(self.extended(plain));
            }
            if let Some(found) = self.spaced_v6(run.span.clone()) {
                return Some(found);
            }
        }
        if run.dots < 3 {
            return None;
        }
        // `ip:1.2.3.4:443`, `1.2.3.4:1000:5.6.7.8:443`: the first part that is one; the rest is
        // looked at when it is its turn.
        let mut start = run.span.start;
        for part in self.slice(run.span.clone()).split(|&byte| byte == b':') {
            let end = start + part.len();
            match self.v4(start..end) {
                Some(Ok(plain)) => return Some(self.with_port(plain, run.span.end)),
                Some(Err(flaw)) => return Some(flaw),
                None => start = end + 1,
            }
        }
        None
    }

    /// The whole of a part as an IPv4 address; dots of a sentence around it are none of it.
    fn v4(&self, part: Range<usize>) -> Option<Result<Plain, Found>> {
        let bytes = self.slice(part.clone());
        let leading = bytes.iter().take_while(|&&byte| byte == b'.').count();
        let trailing = bytes.iter().rev().take_while(|&&byte| byte == b'.').count();
        // One dot before a number makes it the name of an object: `.1.3.6.1`.
        if leading == 1 || leading == bytes.len() {
            return None;
        }
        let (start, end) = (part.start + leading, part.end - trailing);
        match quad(self.slice(start..end)) {
            Quad::Address(_) if self.is_version(start, end) => None,
            Quad::Address(bits) => Some(Ok(Plain {
                address: IpAddr::V4(Ipv4Addr::from_bits(bits)),
                start,
                end,
                readings: Readings::PLAIN,
            })),
            Quad::Wrong if self.follows_name(start) => None,
            Quad::Wrong => Some(Err(wrong(start..end, Flaw::Quad))),
            Quad::No => None,
        }
    }

    /// `Chrome/126.0.0.0`, but not `inside/10.0.0.0/8`.
    fn is_version(&self, start: usize, end: usize) -> bool {
        self.follows_name(start)
            && self.text(start..end).ends_with(".0.0")
            && self.byte(end) != Some(b'/')
    }

    fn follows_name(&self, start: usize) -> bool {
        let before = self.slice(start.saturating_sub(2)..start);
        matches!(before, [letter, b'/'] if letter.is_ascii_alphabetic())
    }

    /// An IPv4 address within a run: with its port, or with what follows the run.
    fn with_port(&self, plain: Plain, run_end: usize) -> Found {
        if self.byte(plain.end) != Some(b':') || plain.end >= run_end {
            return self.extended(plain);
        }
        match self.port(plain.end) {
            Some(end) => found(plain, end, Reading::Port),
            None => item(plain, What::Address(plain.address), plain.end),
        }
    }

    /// The end of `:443`.
    fn port(&self, at: usize) -> Option<usize> {
        if self.byte(at) != Some(b':') {
            return None;
        }
        let digits = self.digits(at + 1);
        let end = at + 1 + digits;
        self.text(at + 1..end).parse::<u16>().ok()?;
        // `1.2.3.4:443/v2/` and `1.2.3.4:80:5.6.7.8:443` have ports.
        let is_end = matches!(self.byte(end), Some(b'/' | b':')) || !self.goes_on(end);
        is_end.then_some(end)
    }

    fn digits(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// Whether a number at this place is a part of something longer.
    fn goes_on(&self, at: usize) -> bool {
        match self.byte(at) {
            None => false,
            Some(b'.' | b':' | b'/') => self
                .byte(at + 1)
                .is_some_and(|next| next.is_ascii_alphanumeric()),
            Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric() || byte == b'_',
            Some(_) => self.wide(at).is_some_and(|(is_numeric, _)| is_numeric),
        }
    }

    /// An IPv6 address in a run; a word before it (`ip:`), a colon or a port behind it are none of it.
    fn v6(&self, run: Range<usize>) -> Option<Plain> {
        if run.len() > LONGEST {
            return None;
        }
        let text = self.text(run.clone());
        let trimmed = text.trim_end_matches('.');
        let head = trimmed
            .split_once(':')
            .filter(|(word, _)| word.contains(|c: char| !c.is_ascii_hexdigit() && c != '.'))
            .map_or(0, |(word, _)| word.len() + 1);
        let body = trimmed.get(head..)?;
        let parse = |text: &str| Some((text.parse::<Ipv6Addr>().ok()?, text.len()));
        // `2603::1.443` of tcpdump, and a port behind eight groups.
        let before_port = |text: &str| {
            let (shorter, port) = text.split_at(text.rfind(['.', ':'])?);
            port.get(1..)?.parse::<u16>().ok()?;
            parse(shorter)
        };
        let shorter = body.strip_suffix(':');
        let plainly = parse(body).or_else(|| parse(shorter?));
        let readings = match plainly {
            Some(_) => Readings::PLAIN,
            None => Readings::PLAIN.with(Reading::Port),
        };
        let (address, length) = plainly
            .or_else(|| before_port(body))
            .or_else(|| before_port(shorter?))?;
        let start = run.start + head;
        let plain = Plain {
            address: IpAddr::V6(address),
            start,
            end: start + length,
            readings,
        };
        let own = self.text(plain.start..plain.end);
        if is_eui64(own) {
            return None;
        }
        let is_doubtful = !own.bytes().any(|byte| byte.is_ascii_digit());
        let has_length = self.byte(plain.end) == Some(b'/') && self.digits(plain.end + 1) > 0;
        let is_meant = !is_doubtful || has_length || self.is_alone(plain.start, plain.end);
        is_meant.then_some(plain)
    }

    /// Two parts that are an IPv6 address together, and none of them by itself or alone in its cell.
    fn spaced_v6(&self, run: Range<usize>) -> Option<Found> {
        if self.byte(run.end) != Some(b' ') || run.len() > LONGEST {
            return None;
        }
        let next = self.run_at(run.end + 1).span;
        let joined = format!("{}{}", self.text(run.clone()), self.text(next.clone()));
        joined.parse::<Ipv6Addr>().ok()?;
        if !joined.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let is_one = self.v6(next.clone()).is_some();
        (!is_one || self.is_alone(run.start, next.end))
            .then(|| wrong(run.start..next.end, Flaw::Space))
    }

    fn read_defanged(&self, run: &Run) -> Option<Found> {
        let text = self.text(run.span.clone());
        let mut plain: Cow<'_, str> = Cow::Borrowed(text);
        for (fang, sign) in FANGS {
            if plain.contains(fang) {
                plain = Cow::Owned(plain.replace(fang, sign.encode_utf8(&mut [0; 4])));
            }
        }
        // What follows the run is looked at by the same rules, so it is read behind the plain text.
        let rest = self.line.get(run.span.end..).unwrap_or_default();
        let rest = rest
            .get(..rest.floor_char_boundary(LONGEST))
            .unwrap_or_default();
        let read = format!("{plain}{rest}");
        let found = Scanner::new(&read).next()?;
        // Only an item that begins the run; its length in the written text is found from its end.
        if found.span.start != 0 {
            return None;
        }
        let written = |end: usize| {
            if end >= plain.len() {
                run.span.end + (end - plain.len())
            } else {
                self.written_end(run, end)
            }
        };
        Some(Found {
            span: run.span.start..written(found.span.end),
            aside: written(found.aside.start)..written(found.aside.end),
            what: found.what,
            readings: found.readings.with(Reading::Defanged),
        })
    }

    /// The place in the written text of the `plain_end`th byte of a defanged run.
    fn written_end(&self, run: &Run, plain_end: usize) -> usize {
        let (mut at, mut plain) = (run.span.start, 0);
        while plain < plain_end && at < run.span.end {
            at += self.defanged(at).map_or(1, |(length, _)| length);
            plain += 1;
        }
        at
    }

    /// An address with what follows it: brackets, a zone, a length, a mask, the end of a range.
    fn extended(&self, plain: Plain) -> Found {
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
    fn is_alone(&self, start: usize, end: usize) -> bool {
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

/// Ways to write a dot or a colon so that nobody follows the address.
const FANGS: [(&str, char); 5] = [
    ("[.]", '.'),
    ("(.)", '.'),
    ("[dot]", '.'),
    ("(dot)", '.'),
    ("[:]", ':'),
];

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

fn is_joined(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'_')
}

fn is_zone(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// Eight groups of two digits: the name of a device.
fn is_eui64(text: &str) -> bool {
    text.len() == 23 && text.split(':').all(|group| group.len() == 2)
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

fn wrong(span: Range<usize>, flaw: Flaw) -> Found {
    Found {
        aside: span.end..span.end,
        span,
        what: What::Wrong(flaw),
        readings: Readings::PLAIN,
    }
}

/// An address with something behind it that is left aside.
fn found(plain: Plain, end: usize, reading: Reading) -> Found {
    let mut plain = plain;
    plain.readings = plain.readings.with(reading);
    item(plain, What::Address(plain.address), end)
}

/// What was read, IPv4 in IPv6 as IPv4.
fn item(plain: Plain, what: What, end: usize) -> Found {
    let mut readings = plain.readings;
    let mut unmapped = |address: IpAddr| match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map(|v4| {
            readings = readings.with(Reading::Mapped);
            IpAddr::V4(v4)
        }),
        IpAddr::V4(_) => None,
    };
    let what = match what {
        What::Address(address) => What::Address(unmapped(address).unwrap_or(address)),
        What::Block(address, length) if length >= 96 => match unmapped(address) {
            Some(v4) => What::Block(v4, length - 96),
            None => what,
        },
        What::Range(first, last) => match (unmapped(first), unmapped(last)) {
            (Some(first), Some(last)) => What::Range(first, last),
            _ => what,
        },
        other => other,
    };
    let is_whole = matches!(what, What::Block(..) | What::Range(..))
        || readings.has(Reading::Mask)
        || readings.has(Reading::Wildcard);
    Found {
        span: plain.start..end,
        aside: if is_whole { end..end } else { plain.end..end },
        what,
        readings,
    }
}
