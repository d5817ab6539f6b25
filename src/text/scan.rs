//! Every address, CIDR and range of a text, with its place; what is left are words.
//!
//! Nothing is taken out of a longer number or name: a run of letters, digits, dots and colons is read
//! whole or not at all. Each byte is looked at a fixed number of times.

mod quad;
mod run;

use std::fmt;
use std::net::IpAddr;
use std::ops::Range;

pub use quad::why_not_v4;
pub use run::{RunAddress, v6_in};

use run::Scanner;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it stands, in bytes, with all that was read as a part of it.
    pub span: Range<usize>,
    /// The end of `span` that was left aside: a port, a zone, a length that is none. Often empty.
    pub aside: Range<usize>,
    /// What it is.
    pub what: What,
    /// How it was read, where that is not plain.
    pub readings: Readings,
}

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// One address.
    Address(IpAddr),
    /// A CIDR by an address in it and its length; bits behind the length may be set.
    Block(IpAddr, u8),
    /// From the first to the last, both of one family and in order.
    Range(IpAddr, IpAddr),
    /// Meant as one of these, but wrong.
    Wrong(Flaw),
    /// Anything else.
    Word,
}

/// What is wrong with a text that is meant as an address, a CIDR or a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Flaw {
    /// Four numbers, one of them too great or with a leading zero; see [`why_not_v4`].
    #[error("is not an IPv4 address")]
    Quad,
    /// A length that the family does not have.
    #[error("is not a CIDR: an IPv{family} prefix has at most {most} bits")]
    Length {
        /// 4 or 6.
        family: u8,
        /// 32 or 128.
        most: u8,
    },
    /// No length, and no mask either.
    #[error("is not a CIDR: the length behind the slash is not a number")]
    NoLength,
    /// The first address of a range is above the last.
    #[error("is not a range: the first address is above the last")]
    Backwards,
    /// The ends of a range differ.
    #[error("is not a range: one end is IPv4, the other IPv6")]
    TwoFamilies,
    /// `10.0.0.1-5`.
    #[error("is not a range: both ends must be whole addresses")]
    ShortRange,
    /// An IPv6 address in two parts.
    #[error("is not an IPv6 address: there is a space in it")]
    Space,
}

/// How a piece was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Reading {
    /// The second address is the mask of the first.
    Mask,
    /// The second address is the wildcard mask of the first.
    Wildcard,
    /// The first address has bits behind its mask, so that the mask says nothing.
    MaskAside,
    /// A CIDR with bits behind its length.
    HostBits,
    /// A length behind an address within a sentence.
    LengthAside,
    /// A range with spaces or words between its ends.
    SpacedRange,
    /// An IPv4 address written as IPv6.
    Mapped,
    /// The zone was left aside.
    Zone,
    /// The port was left aside.
    Port,
    /// Written so that nobody follows it: `1[.]2[.]3[.]4`.
    Defanged,
}

impl Reading {
    /// Every reading.
    pub const ALL: [Self; 10] = [
        Self::Mask,
        Self::Wildcard,
        Self::MaskAside,
        Self::HostBits,
        Self::LengthAside,
        Self::SpacedRange,
        Self::Mapped,
        Self::Zone,
        Self::Port,
        Self::Defanged,
    ];

    /// The word in documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mask => "mask",
            Self::Wildcard => "wildcardMask",
            Self::MaskAside => "maskLeftAside",
            Self::HostBits => "hostBits",
            Self::LengthAside => "lengthLeftAside",
            Self::SpacedRange => "range",
            Self::Mapped => "mapped",
            Self::Zone => "zoneLeftAside",
            Self::Port => "portLeftAside",
            Self::Defanged => "defanged",
        }
    }
}

/// A set of [`Reading`]s.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Readings(u16);

impl Readings {
    /// None: what stands there is what it is.
    pub const PLAIN: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, reading: Reading) -> Self {
        Self(self.0 | 1 << reading as u8)
    }

    /// Whether one is among them.
    #[must_use]
    pub const fn has(self, reading: Reading) -> bool {
        self.0 & 1 << reading as u8 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_plain(self) -> bool {
        self.0 == 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Reading> {
        Reading::ALL
            .into_iter()
            .filter(move |&reading| self.has(reading))
    }
}

impl fmt::Debug for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// Everything in a text, in order: each letter and digit is in exactly one piece.
#[must_use]
pub fn scan(text: &str) -> Vec<Found> {
    let mut all = Vec::new();
    for line in lines(text) {
        let part = text.get(line.clone()).unwrap_or_default();
        let mut at = 0;
        for found in items(part) {
            words(part, at..found.span.start, line.start, &mut all);
            at = found.span.end;
            all.push(found.moved(line.start));
        }
        words(part, at..part.len(), line.start, &mut all);
    }
    all
}

/// The addresses, CIDRs and ranges of one line, and what is wrong; no words.
pub fn items(line: &str) -> impl Iterator<Item = Found> {
    Scanner::new(line)
}

/// The lines of a text without their ends: `\n`, `\r\n` or a single `\r`. A mark at the beginning is
/// left out.
pub fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        let end = rest.find(['\n', '\r']).map_or(text.len(), |end| at + end);
        let is_pair = text.as_bytes().get(end..end + 2) == Some(b"\r\n");
        at = end + if is_pair { 2 } else { 1 };
        Some(start..end)
    })
}

/// Adds what stands between two items, by white space.
fn words(line: &str, gap: Range<usize>, offset: usize, all: &mut Vec<Found>) {
    let text = line.get(gap.clone()).unwrap_or_default();
    let mut at = gap.start + offset;
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        if word.contains(char::is_alphanumeric) {
            all.push(Found {
                span: at..at + word.len(),
                aside: at + word.len()..at + word.len(),
                what: What::Word,
                readings: Readings::PLAIN,
            });
        }
        at += part.len();
    }
}

impl Found {
    fn moved(self, by: usize) -> Self {
        let moved = |range: Range<usize>| range.start + by..range.end + by;
        Self {
            span: moved(self.span),
            aside: moved(self.aside),
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
