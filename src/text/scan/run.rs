//! Runs of letters, digits, dots and colons → items.

mod behind;

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use crate::text::scan::quad::{Quad, quad};
use crate::text::{Flaw, Found, Reading, Readings, What};

/// Longest run that may be an IPv6 address with what is around it.
const LONGEST: usize = 80;

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
        let found = v6_in(text)?;
        let readings = if found.has_port {
            Readings::PLAIN.with(Reading::Port)
        } else {
            Readings::PLAIN
        };
        let plain = Plain {
            address: IpAddr::V6(found.address),
            start: run.start + found.span.start,
            end: run.start + found.span.end,
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
}

/// Ways to write a dot or a colon so that nobody follows the address.
const FANGS: [(&str, char); 5] = [
    ("[.]", '.'),
    ("(.)", '.'),
    ("[dot]", '.'),
    ("(dot)", '.'),
    ("[:]", ':'),
];

fn is_joined(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'_')
}

/// Eight groups of two digits: the name of a device.
fn is_eui64(text: &str) -> bool {
    text.len() == 23 && text.split(':').all(|group| group.len() == 2)
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

/// An IPv6 address in a run of letters, digits, dots and colons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunAddress {
    /// The address.
    pub address: Ipv6Addr,
    /// Where it stands in the run.
    pub span: Range<usize>,
    /// Whether a port behind it was left aside.
    pub has_port: bool,
}

/// The IPv6 address of a run; a word before it (`ip:`), a colon or a port behind it are none of it.
#[must_use]
pub fn v6_in(run: &str) -> Option<RunAddress> {
    let trimmed = run.trim_end_matches('.');
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
    let (address, length) = plainly
        .or_else(|| before_port(body))
        .or_else(|| before_port(shorter?))?;
    Some(RunAddress {
        address,
        span: head..head + length,
        has_port: plainly.is_none(),
    })
}
