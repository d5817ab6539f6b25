//! The fewest CIDR blocks for a span.

use crate::space::{Block, Span};

/// The fewest blocks that hold exactly the addresses of `span`, ascending; at most 62 for IPv4
/// and 254 for IPv6.
#[must_use]
pub fn cover(span: Span) -> Vec<Block> {
    let family = span.family();
    let mut blocks = Vec::new();
    let mut next = Some(span.first());
    while let Some(first) = next {
        // The widest block that starts here is bounded by the alignment of `first` and by what is left.
        let aligned = first.trailing_zeros().min(u32::from(family.bits()));
        let left = (span.last() - first).saturating_add(1);
        let fits = if span.last() - first == u128::MAX {
            128
        } else {
            left.ilog2()
        };
        let host_bits = u8::try_from(aligned.min(fits)).unwrap_or(0);
        let block = Block::holding(family, first, family.bits() - host_bits);
        blocks.push(block);
        next = block
            .last()
            .checked_add(1)
            .filter(|&address| address <= span.last());
    }
    blocks
}
