//! Address or span → tags.

use crate::index::{TagId, View};
use crate::space::{Block, Count, Family, Span};

/// An answer's place; the empty answer is [`Node::NONE`].
///
/// A node is the longest prefix that holds an address; its parents are the shorter ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node(usize);

impl Node {
    /// "In no tag".
    pub const NONE: Self = Self(0);

    /// Whether it is the empty answer.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The place in an array of [`View::node_count`] elements.
    #[inline]
    #[must_use]
    pub const fn place(self) -> usize {
        self.0
    }
}

/// A tag and the length of its prefix that holds the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hit {
    /// The tag.
    pub tag: TagId,
    /// Prefix length; the prefix is the address masked to it.
    pub length: u8,
}

/// A tag and one of its prefixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PrefixHit {
    /// The tag.
    pub tag: TagId,
    /// The prefix.
    pub prefix: Block,
}

/// A prefix beside an address that is in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Neighbour {
    /// The prefix nearest to the address and a narrow tag that holds it.
    pub hit: PrefixHit,
    /// Steps from the address to the nearest address of the prefix, at least 1.
    pub distance: Count,
    /// True for a prefix below the address.
    pub is_below: bool,
}

impl<'a> View<'a> {
    /// How many answers there are, the empty one included.
    #[must_use]
    pub const fn node_count(&self) -> usize {
        let count = self.node_length.len();
        if count == 0 { 1 } else { count }
    }

    /// Every answer, the empty one first.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node> + use<> {
        (0..self.node_count()).map(Node)
    }

    /// The answer for an address; bits above the family's width are ignored.
    #[inline]
    #[must_use]
    pub fn lookup(&self, family: Family, address: u128) -> Node {
        let node = match family {
            Family::V4 => self
                .interval_v4(address)
                .and_then(|place| self.v4_node.get(place)),
            Family::V6 => self
                .interval_v6(address)
                .and_then(|place| self.v6_node.get(place)),
        };
        node.map_or(Node::NONE, Node)
    }

    /// The interval that holds an IPv4 address; `None` below the first one.
    #[inline]
    fn interval_v4(&self, address: u128) -> Option<usize> {
        let bucket = usize::try_from((address >> 16) & 0xffff).ok()?;
        let low = u16::try_from(address & 0xffff).ok()?;
        let (from, to) = (self.v4_top.get(bucket)?, self.v4_top.get(bucket + 1)?);
        let started = self
            .v4_low
            .get(from..to)?
            .partition_point(|start| start.get() <= low);
        (from + started).checked_sub(1)
    }

    /// The interval that holds an IPv6 address; `None` below the first one.
    #[inline]
    fn interval_v6(&self, address: u128) -> Option<usize> {
        let high = u64::try_from(address >> 64).ok()?;
        let low = u64::try_from(address & u128::from(u64::MAX)).ok()?;
        let group = self
            .v6_high
            .partition_point(|start| start.get() <= high)
            .checked_sub(1)?;
        let (from, to) = (self.v6_start.get(group)?, self.v6_start.get(group + 1)?);
        let started = if self.v6_high.get(group)?.get() == high {
            self.v6_low
                .get(from..to)?
                .partition_point(|start| start.get() <= low)
        } else {
            to.checked_sub(from)?
        };
        (from + started).checked_sub(1)
    }

    /// The first address of an interval.
    fn interval_start(&self, family: Family, place: usize) -> Option<u128> {
        match family {
            Family::V4 => {
                let low = self.v4_low.get(place)?.get();
                let bucket = self.v4_top.count_up_to(place).checked_sub(1)?;
                Some(u128::try_from(bucket).ok()? << 16 | u128::from(low))
            }
            Family::V6 => {
                let low = self.v6_low.get(place)?.get();
                let group = self.v6_start.count_up_to(place).checked_sub(1)?;
                Some(u128::from(self.v6_high.get(group)?.get()) << 64 | u128::from(low))
            }
        }
    }

    /// The tags of an answer: longest prefix first, on equal prefixes the narrower tag first.
    #[inline]
    pub fn hits(&self, node: Node) -> impl Iterator<Item = Hit> + use<'a> {
        let view = *self;
        self.chain(node).flat_map(move |(length, set)| {
            view.set(set).iter().map(move |tag| Hit {
                tag: TagId(tag.get()),
                length,
            })
        })
    }

    /// Prefix lengths and sets from the longest prefix to the shortest.
    #[inline]
    fn chain(&self, node: Node) -> impl Iterator<Item = (u8, usize)> + use<'a> {
        let view = *self;
        let mut next = node.0;
        std::iter::from_fn(move || {
            if next == 0 {
                return None;
            }
            let length = *view.node_length.get(next)?;
            let set = view.node_set.get(next)?;
            // A parent always comes before its children; anything else is damage.
            next = view
                .node_parent
                .get(next)
                .filter(|&parent| parent < next)
                .unwrap_or(0);
            Some((length, set))
        })
    }

    /// The prefixes that hold all of `span`, equal included, longest first.
    pub fn covering(&self, span: Span) -> impl Iterator<Item = PrefixHit> + use<'a> {
        let family = span.family();
        let node = self.lookup(family, span.first());
        self.hits(node).filter_map(move |hit| {
            let prefix = Block::holding(family, span.first(), hit.length);
            prefix.contains(span).then_some(PrefixHit {
                tag: hit.tag,
                prefix,
            })
        })
    }

    /// The prefixes that begin before `span` and end within it: possible only for a span that is
    /// no block.
    pub fn leaning_in(&self, span: Span) -> impl Iterator<Item = PrefixHit> + use<'a> {
        let family = span.family();
        let node = self.lookup(family, span.first());
        self.hits(node).filter_map(move |hit| {
            let prefix = Block::holding(family, span.first(), hit.length);
            let leans = prefix.first() < span.first() && prefix.last() < span.last();
            leans.then_some(PrefixHit {
                tag: hit.tag,
                prefix,
            })
        })
    }

    /// The prefixes that begin within `span`, ascending, the wider first; covering ones that
    /// begin at its first address are among them.
    pub fn starting_in(&self, span: Span) -> impl Iterator<Item = PrefixHit> + use<'a> {
        let family = span.family();
        let (from, to) = match family {
            Family::V4 => (
                self.v4_first
                    .partition_point(|first| u128::from(first.get()) < span.first()),
                self.v4_first
                    .partition_point(|first| u128::from(first.get()) <= span.last()),
            ),
            Family::V6 => (
                self.v6_first
                    .partition_point(|first| first.get() < span.first()),
                self.v6_first
                    .partition_point(|first| first.get() <= span.last()),
            ),
        };
        let view = *self;
        (from..to).flat_map(move |place| {
            let prefix = view.prefix(family, place);
            let tags = prefix.map_or(&[][..], |(_, set)| view.set(set));
            tags.iter().filter_map(move |tag| {
                prefix.map(|(prefix, _)| PrefixHit {
                    tag: TagId(tag.get()),
                    prefix,
                })
            })
        })
    }

    /// The nearest prefixes below and above a span that touches none; at most two.
    pub fn neighbours(&self, span: Span) -> impl Iterator<Item = Neighbour> + use<'a> {
        let family = span.family();
        let before = self.interval(family, span.first());
        let after = before.map_or(0, |place| place + 1);
        let below = before
            .and_then(|place| self.interval_start(family, place))
            .and_then(|start| start.checked_sub(1))
            .and_then(|address| Some((address, span.first().checked_sub(address)?)))
            .and_then(|(address, gap)| self.neighbour(family, address, gap, true));
        let above = self
            .interval_start(family, after)
            .and_then(|start| start.checked_sub(span.last()).map(|gap| (start, gap)))
            .and_then(|(start, gap)| self.neighbour(family, start, gap, false));
        below.into_iter().chain(above)
    }

    fn interval(&self, family: Family, address: u128) -> Option<usize> {
        match family {
            Family::V4 => self.interval_v4(address),
            Family::V6 => self.interval_v6(address),
        }
    }

    fn neighbour(
        &self,
        family: Family,
        address: u128,
        gap: u128,
        is_below: bool,
    ) -> Option<Neighbour> {
        let hit = self.hits(self.lookup(family, address)).next()?;
        Some(Neighbour {
            hit: PrefixHit {
                tag: hit.tag,
                prefix: Block::holding(family, address, hit.length),
            },
            distance: Count::new(gap),
            is_below,
        })
    }
}
