//! Numbers, texts and prefixes as a chronicle writes them.

use crate::index::ChronicleError;
use crate::space::{Block, Family};

/// Bytes being read.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    pub const fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub const fn left(&self) -> usize {
        self.rest.len()
    }

    pub fn byte(&mut self) -> Result<u8, ChronicleError> {
        let (&byte, rest) = self.rest.split_first().ok_or(ChronicleError::Damaged)?;
        self.rest = rest;
        Ok(byte)
    }

    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], ChronicleError> {
        let (bytes, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(ChronicleError::Damaged)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// An LEB128 number of at most 128 bits.
    pub fn number(&mut self) -> Result<u128, ChronicleError> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u128::from(first));
        }
        let (mut number, mut shift) = (u128::from(first & 0x7f), 7);
        loop {
            let byte = self.byte()?;
            let part = u128::from(byte & 0x7f);
            if shift >= 128 || part << shift >> shift != part {
                return Err(ChronicleError::Damaged);
            }
            number |= part << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
        }
    }

    /// A number that fits a `usize`; nearly all are of one or two bytes.
    pub fn size(&mut self) -> Result<usize, ChronicleError> {
        match *self.rest {
            [one, ref rest @ ..] if one < 0x80 => {
                self.rest = rest;
                Ok(usize::from(one))
            }
            [one, two, ref rest @ ..] if two < 0x80 => {
                self.rest = rest;
                Ok(usize::from(one & 0x7f) | usize::from(two) << 7)
            }
            _ => usize::try_from(self.number()?).map_err(|_| ChronicleError::Damaged),
        }
    }

    /// A number written one higher, 0 for none.
    pub fn optional(&mut self) -> Result<Option<u32>, ChronicleError> {
        match self.number()?.checked_sub(1) {
            None => Ok(None),
            Some(number) => u32::try_from(number)
                .map(Some)
                .map_err(|_| ChronicleError::Damaged),
        }
    }

    pub fn text(&mut self) -> Result<&'a str, ChronicleError> {
        let length = self.size()?;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| ChronicleError::Damaged)
    }
}

/// Bytes being written.
#[derive(Default)]
pub struct Output {
    pub bytes: Vec<u8>,
}

impl Output {
    pub fn number(&mut self, mut number: u128) {
        while number >= 0x80 {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    pub fn size(&mut self, number: usize) {
        self.number(u128::try_from(number).unwrap_or(u128::MAX));
    }

    pub fn optional(&mut self, number: Option<u32>) {
        self.number(number.map_or(0, |number| u128::from(number) + 1));
    }

    pub fn text(&mut self, text: &str) {
        self.size(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }
}

/// The histories used last: neighbouring prefixes often share one, so its place in this list is
/// a single byte.
#[derive(Debug, Clone)]
pub struct Recent {
    ring: [usize; Self::DEPTH],
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            ring: [usize::MAX; Self::DEPTH],
        }
    }
}

impl Recent {
    const DEPTH: usize = 32;

    /// Puts a history in front, over the one at `place`.
    fn put(&mut self, place: usize, history: usize) {
        if place > 0 {
            self.ring.copy_within(..place.min(Self::DEPTH - 1), 1);
        }
        self.ring[0] = history;
    }

    pub fn write(&mut self, history: usize, out: &mut Output) {
        if let Some(place) = self.ring.iter().position(|&known| known == history) {
            out.size(place);
            self.put(place, history);
        } else {
            out.size(history + Self::DEPTH);
            self.put(Self::DEPTH - 1, history);
        }
    }

    pub fn read(&mut self, input: &mut Input<'_>) -> Result<usize, ChronicleError> {
        let code = input.size()?;
        let history = match self.ring.get(code) {
            Some(&known) => known,
            None => code - Self::DEPTH,
        };
        self.put(code.min(Self::DEPTH - 1), history);
        Ok(history)
    }
}

/// Sorted blocks as deltas. IPv6 counts its two halves apart: the upper one as a delta, the lower
/// one anew under each upper half, where interface numbers are small.
#[derive(Debug, Clone)]
pub struct BlockPlace {
    family: Family,
    before: u128,
}

impl BlockPlace {
    pub const fn new(family: Family) -> Self {
        Self { family, before: 0 }
    }

    pub const fn family(&self) -> Family {
        self.family
    }

    pub fn write(&mut self, block: Block, out: &mut Output) {
        let length = block.length();
        out.bytes.push(length);
        let (first, before) = (block.first(), self.before);
        match self.family {
            Family::V4 => out.number(steps(before, first, 32 - length)),
            Family::V6 => {
                let (high, high_before) = (first >> 64, before >> 64);
                out.number(steps(high_before, high, 64_u8.saturating_sub(length)));
                if length > 64 {
                    let base = if high == high_before { before & LOW } else { 0 };
                    out.number(steps(base, first & LOW, 128 - length));
                }
            }
        }
        self.before = first;
    }

    pub fn read(&mut self, input: &mut Input<'_>) -> Result<Block, ChronicleError> {
        let length = input.byte()?;
        if length > self.family.bits() {
            return Err(ChronicleError::Damaged);
        }
        let [high_before, low_before] = halves(self.before);
        let first = match self.family {
            Family::V4 => {
                let first = advance(low_before, input, 32 - length, u64::from(u32::MAX))?;
                u128::from(first)
            }
            Family::V6 => {
                let shift = 64_u8.saturating_sub(length);
                let high = advance(high_before, input, shift, u64::MAX)?;
                let low = if length > 64 {
                    let base = if high == high_before { low_before } else { 0 };
                    advance(base, input, 128 - length, u64::MAX)?
                } else {
                    0
                };
                u128::from(high) << 64 | u128::from(low)
            }
        };
        let block = Block::holding(self.family, first, length);
        self.before = first;
        Ok(block)
    }
}

/// The lower half of an IPv6 address.
const LOW: u128 = u64::MAX as u128;

/// How often `2^shift` goes from `from` to `to`; the bits of `to` below `shift` are zero.
const fn steps(from: u128, to: u128, shift: u8) -> u128 {
    (to >> shift) - (from >> shift)
}

/// The upper and the lower 64 bits: a file is read in numbers that a processor has.
fn halves(address: u128) -> [u64; 2] {
    [address >> 64, address & LOW].map(|half| u64::try_from(half).unwrap_or(u64::MAX))
}

/// The inverse of [`steps`]; at most `limit`, and `shift` at most 64.
fn advance(from: u64, input: &mut Input<'_>, shift: u8, limit: u64) -> Result<u64, ChronicleError> {
    let cut = |number: u64| number.checked_shr(u32::from(shift)).unwrap_or(0);
    let steps = u64::try_from(input.size()?).map_err(|_| ChronicleError::Damaged)?;
    cut(from)
        .checked_add(steps)
        .filter(|&place| place <= cut(limit))
        .map(|place| place.checked_shl(u32::from(shift)).unwrap_or(0))
        .ok_or(ChronicleError::Damaged)
}
