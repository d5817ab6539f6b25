//! A CIDR block and a span of addresses, each within one family.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::space::{Count, Family, bits};

/// A CIDR block with no host bits: every address that shares the first `length` bits.
///
/// Orders by family, then first address, then the wider block first, so that a block sorts
/// before everything it contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Block {
    family: Family,
    first: u128,
    length: u8,
}

/// Why a text is not a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// The address part is not an address.
    #[error("not an address")]
    Address,
    /// The part behind the slash is not a number.
    #[error("the length behind the slash is not a number")]
    Length,
    /// The length exceeds the family's width.
    #[error("an {family} prefix has at most {} bits", family.bits())]
    TooLong {
        /// The family of the address part.
        family: Family,
    },
}

impl Block {
    /// The block of `length` bits that holds `address`; host bits are cleared.
    ///
    /// A length above the family's width counts as the full width.
    #[must_use]
    pub const fn holding(family: Family, address: u128, length: u8) -> Self {
        let length = if length > family.bits() {
            family.bits()
        } else {
            length
        };
        Self {
            family,
            first: address & family.max() & !host_mask(family, length),
            length,
        }
    }

    /// The block of a single address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        let (family, first) = bits(address);
        Self {
            family,
            first,
            length: family.bits(),
        }
    }

    /// The block of `length` bits around an address; see [`Block::holding`].
    #[must_use]
    pub const fn around(address: IpAddr, length: u8) -> Self {
        let (family, first) = bits(address);
        Self::holding(family, first, length)
    }

    /// Reads `address/length`; also says whether host bits had to be cleared.
    ///
    /// # Errors
    /// [`BlockError`] names the part that is wrong. An address without a slash is an error.
    pub fn parse(text: &str) -> Result<(Self, bool), BlockError> {
        let (address, length) = text.split_once('/').ok_or(BlockError::Address)?;
        // `IpNet` reads `010.0.0.0` as 10.0.0.0, which others take for octal 8, and its errors name no
        // part: it checks the length alone.
        let address: IpAddr = address.parse().map_err(|_| BlockError::Address)?;
        let (family, first) = bits(address);
        let net = IpNet::new(address, read_length(length)?)
            .map_err(|_| BlockError::TooLong { family })?;
        let block = Self::holding(family, first, net.prefix_len());
        Ok((block, block.first != first))
    }

    /// The family of every address in the block.
    #[must_use]
    pub const fn family(self) -> Family {
        self.family
    }

    /// The lowest address, as a number.
    #[must_use]
    pub const fn first(self) -> u128 {
        self.first
    }

    /// The highest address, as a number.
    #[must_use]
    pub const fn last(self) -> u128 {
        self.first | host_mask(self.family, self.length)
    }

    /// The number of fixed bits, 0 to 32 or 128.
    #[must_use]
    pub const fn length(self) -> u8 {
        self.length
    }

    /// The same addresses as a span.
    #[must_use]
    pub const fn span(self) -> Span {
        Span {
            family: self.family,
            first: self.first,
            last: self.last(),
        }
    }

    /// How many addresses it holds.
    #[must_use]
    pub fn count(self) -> Count {
        self.span().count()
    }

    /// Whether every address of `span` lies in this block.
    #[must_use]
    pub fn contains(self, span: Span) -> bool {
        self.family == span.family && self.first <= span.first && span.last <= self.last()
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.family.address(self.first), self.length)
    }
}

/// An inclusive run of addresses of one family, `first <= last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    family: Family,
    first: u128,
    last: u128,
}

impl Span {
    /// The span from `first` to `last`; `None` when they are in the wrong order or out of the family.
    #[must_use]
    pub const fn new(family: Family, first: u128, last: u128) -> Option<Self> {
        if first > last || last > family.max() {
            return None;
        }
        Some(Self {
            family,
            first,
            last,
        })
    }

    /// The span of a single address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Block::of(address).span()
    }

    /// From an address to another; `None` when they are in the wrong order or of two families.
    #[must_use]
    pub fn between(first: IpAddr, last: IpAddr) -> Option<Self> {
        let ((family, first), (other, last)) = (bits(first), bits(last));
        if family != other {
            return None;
        }
        Self::new(family, first, last)
    }

    /// The family of both ends.
    #[must_use]
    pub const fn family(self) -> Family {
        self.family
    }

    /// The lowest address, as a number.
    #[must_use]
    pub const fn first(self) -> u128 {
        self.first
    }

    /// The highest address, as a number.
    #[must_use]
    pub const fn last(self) -> u128 {
        self.last
    }

    /// How many addresses it holds.
    #[must_use]
    pub fn count(self) -> Count {
        Count::of_run(self.first, self.last)
    }

    /// Whether the two have an address in common.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.family == other.family && self.first <= other.last && other.first <= self.last
    }

    /// The block with exactly these addresses, if there is one.
    #[must_use]
    pub fn block(self) -> Option<Block> {
        let differing = self.first ^ self.last;
        let host_bits = 128 - differing.leading_zeros();
        let length = self
            .family
            .bits()
            .checked_sub(u8::try_from(host_bits).ok()?)?;
        let block = Block::holding(self.family, self.first, length);
        (block.span() == self).then_some(block)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (
            self.family.address(self.first),
            self.family.address(self.last),
        );
        match self.block() {
            Some(_) if self.first == self.last => write!(f, "{first}"),
            Some(block) => write!(f, "{block}"),
            None => write!(f, "{first}-{last}"),
        }
    }
}

const fn host_mask(family: Family, length: u8) -> u128 {
    let host_bits = (family.bits() - length) as u32;
    if host_bits >= 128 {
        u128::MAX
    } else {
        (1 << host_bits) - 1
    }
}

/// Digits only, without a zero in front, which others take for octal; a number past 255 is too long for either family and stays so.
fn read_length(text: &str) -> Result<u8, BlockError> {
    let has_zero = text.len() > 1 && text.starts_with('0');
    if text.is_empty() || has_zero || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BlockError::Length);
    }
    Ok(text.parse().unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        Block::parse(text).unwrap().0
    }

    fn span(first: &str, last: &str) -> Option<Span> {
        Span::between(first.parse().unwrap(), last.parse().unwrap())
    }

    #[test]
    fn a_span_has_two_ends_of_one_family_in_order() {
        assert_eq!(
            span("10.0.0.1", "10.0.0.9").unwrap().to_string(),
            "10.0.0.1-10.0.0.9"
        );
        assert_eq!(
            span("10.0.0.0", "10.0.0.7").unwrap().to_string(),
            "10.0.0.0/29"
        );
        assert_eq!(
            span("10.0.0.1", "10.0.0.1").unwrap().to_string(),
            "10.0.0.1"
        );
        assert_eq!(span("10.0.0.2", "10.0.0.1"), None);
        assert_eq!(span("10.0.0.1", "::ffff:10.0.0.2"), None);
        assert_eq!(span("::1", "10.0.0.2"), None);
    }

    #[test]
    fn spans_meet_where_they_share_an_address() {
        let meets = |one: (&str, &str), other: (&str, &str)| {
            let (one, other) = (span(one.0, one.1).unwrap(), span(other.0, other.1).unwrap());
            assert_eq!(one.meets(other), other.meets(one));
            one.meets(other)
        };
        assert!(meets(("10.0.0.1", "10.0.0.5"), ("10.0.0.5", "10.0.0.9")));
        assert!(meets(("10.0.0.1", "10.0.0.9"), ("10.0.0.3", "10.0.0.4")));
        assert!(!meets(("10.0.0.1", "10.0.0.4"), ("10.0.0.5", "10.0.0.9")));
        assert!(!meets(("0.0.0.1", "0.0.0.9"), ("::1", "::9")));
    }

    #[test]
    fn host_bits_are_cleared_and_said() {
        let (parsed, cleared) = Block::parse("20.38.98.7/16").unwrap();
        assert_eq!(parsed.to_string(), "20.38.0.0/16");
        assert!(cleared);
        assert!(!Block::parse("2603::/16").unwrap().1);
    }

    #[test]
    fn the_wrong_part_is_named() {
        let cases = [
            ("256.1.1.1/8", BlockError::Address),
            ("10.0.0.0", BlockError::Address),
            ("010.0.0.0/8", BlockError::Address),
            ("10.0.0/8", BlockError::Address),
            ("10.0.0.0/33", BlockError::TooLong { family: Family::V4 }),
            (
                "10.0.0.0/999999999999",
                BlockError::TooLong { family: Family::V4 },
            ),
            ("::/129", BlockError::TooLong { family: Family::V6 }),
            ("10.0.0.0/", BlockError::Length),
            ("10.0.0.0/a", BlockError::Length),
            ("10.0.0.0/-1", BlockError::Length),
            ("10.0.0.0/08", BlockError::Length),
            ("10.0.0.0/+8", BlockError::Length),
            ("10.0.0.0/ 8", BlockError::Length),
            ("::/00", BlockError::Length),
        ];
        for (text, error) in cases {
            assert_eq!(Block::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn whole_families_have_ends() {
        assert_eq!(block("0.0.0.0/0").last(), u128::from(u32::MAX));
        assert_eq!(block("::/0").last(), u128::MAX);
        assert_eq!(block("::/0").span().block(), Some(block("::/0")));
    }

    #[test]
    fn a_span_is_a_block_only_when_aligned() {
        let aligned = Span::new(Family::V4, 256, 511).unwrap();
        assert_eq!(aligned.to_string(), "0.0.1.0/24");
        let crooked = Span::new(Family::V4, 255, 511).unwrap();
        assert_eq!(crooked.block(), None);
        assert_eq!(crooked.to_string(), "0.0.0.255-0.0.1.255");
        assert_eq!(Span::new(Family::V4, 2, 1), None);
        assert_eq!(Span::new(Family::V4, 0, 1 << 32), None);
    }

    #[test]
    fn a_block_sorts_before_what_it_contains() {
        let mut blocks = [block("10.0.0.0/24"), block("::/0"), block("10.0.0.0/8")];
        blocks.sort_unstable();
        assert_eq!(
            blocks,
            [block("10.0.0.0/8"), block("10.0.0.0/24"), block("::/0")]
        );
    }
}
