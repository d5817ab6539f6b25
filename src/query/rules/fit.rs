//! Tags or other addresses within so many CIDRs, with the fewest extra addresses, and what they are.
//!
//! Within one family the cover is the best there is ([`crate::space::Fit`]). Addresses of the two
//! families cannot be set off against each other by their numbers: one IPv6 subnet outnumbers all
//! of IPv4. So each is measured by how far its cover is, by the logarithm of the size, on the way from
//! the exact one to a single CIDR, and a limit that both share is divided where each CIDR takes most
//! off the squares of the two, that of IPv4 twice. Neither family is given up for the other's sake, and
//! more CIDRs make neither worse. The price is each family's share; of both, the greater one.

mod owners;
mod percent;
mod record;
mod several;
mod sheet;
mod words;

use crate::index::TagId;
use crate::query::Dataset;
use crate::space::{AddressSet, Block, Count, Family, Ranges, Share};
use crate::text::Safe;

pub use owners::{AddressOwner, FamilyCounts, Owners};
pub use percent::{Percent, rounded, shown};
pub use record::FitRecord;
pub use several::{Fitted, Point};
pub use sheet::{FitTable, OwnerTable};
pub use words::Bar;

pub use crate::query::rules::remote_end::remote_addresses;

/// The most CIDRs that are fitted; all of Azure are some 9,300.
const MOST_EXACT: usize = 50_000;

/// What is to be covered.
#[derive(Debug, Clone, Default)]
pub struct FitQuestion {
    /// Tags.
    pub tags: Vec<TagId>,
    /// Other addresses, each with a name: of a file, of a row.
    pub lists: Vec<(Safe, AddressSet)>,
    /// One family alone.
    pub family: Option<Family>,
    /// CIDRs that are in place already.
    pub in_place: Option<Vec<Block>>,
}

/// Why there is no cover.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// There is no address of the family.
    #[error("nothing to fit: no {} of {subject}", family.map_or_else(|| "address".to_owned(), |family| format!("{family} address")))]
    Nothing {
        /// What was asked for.
        subject: String,
        /// The family.
        family: Option<Family>,
    },
    /// More than can be fitted in a few seconds: the work grows with the square.
    #[error(
        "{exact} CIDRs are too many to fit: at most {MOST_EXACT}; fewer tags or lists, --ipv4 or --ipv6 make it less"
    )]
    TooMany {
        /// The fewest CIDRs without an extra address.
        exact: usize,
    },
    /// No CIDR at all.
    #[error("no address goes into 0 CIDRs: the limit is at least 1")]
    Zero,
    /// One CIDR for two families.
    #[error(
        "no CIDR holds IPv4 and IPv6: the limit is at least 2, or --ipv4 or --ipv6 leaves one out"
    )]
    Families,
}

/// The covers of some addresses by any number of CIDRs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FitAnswer {
    /// The tags as published.
    pub tags: Vec<String>,
    /// The names of other addresses.
    pub lists: Vec<Safe>,
    /// What is to be covered.
    pub addresses: AddressSet,
    /// The best covers.
    pub fitted: Fitted,
    in_place: Option<Vec<Block>>,
}

/// One cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The most CIDRs there might be.
    pub limit: usize,
    /// What it is made of: IPv4 first, ascending, none within another.
    pub cidrs: Vec<Cidr>,
    /// Each family's part, IPv4 first.
    pub parts: Vec<CoverPart>,
    /// The extra addresses.
    pub extra: AddressSet,
    /// What becomes of the CIDRs in place, where there are some.
    pub changes: Option<Changes>,
}

/// One CIDR of a cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    /// The CIDR.
    pub block: Block,
    /// Its addresses that were not asked for.
    pub extra: Count,
    /// Whether it was in place already.
    pub is_kept: bool,
}

/// One family's part of a cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoverPart {
    /// The family.
    pub family: Family,
    /// CIDRs of the cover.
    pub cidrs: usize,
    /// CIDRs of the cover without an extra address.
    pub exact: usize,
    /// Addresses that were asked for.
    pub addresses: Count,
    /// Addresses that were not.
    pub extra: Count,
    /// These as a part of those.
    pub share: Share,
}

/// What becomes of CIDRs in place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Those that stay.
    pub kept: Vec<Block>,
    /// What is new.
    pub added: Vec<Block>,
    /// Those that are not needed, or stand in the way.
    pub removed: Vec<Block>,
}

/// Computes the covers by any number of CIDRs.
///
/// # Errors
/// [`FitError::Nothing`] when there is no address to cover, [`FitError::TooMany`] for a great list.
pub fn ask(question: &FitQuestion, dataset: &Dataset) -> Result<FitAnswer, FitError> {
    let view = dataset.view();
    let tags = question.tags.iter();
    let blocks = AddressSet::from_blocks(tags.flat_map(|&tag| view.all_prefixes(tag)));
    let lists = question.lists.iter();
    let all = lists.fold(blocks, |all, (_, list)| all.union(list));
    let keeps = |family| question.family.is_none_or(|only| only == family);
    let only = |family| {
        let ranges = if keeps(family) {
            all.family(family)
        } else {
            &Ranges::default()
        };
        ranges.clone()
    };
    let addresses = AddressSet {
        v4: only(Family::V4),
        v6: only(Family::V6),
    };
    let in_place = question.in_place.as_ref().map(|blocks| {
        let mut blocks: Vec<Block> = blocks.clone();
        blocks.retain(|block| keeps(block.family()));
        blocks.sort_unstable();
        blocks.dedup();
        blocks
    });
    let names = question.tags.iter().filter_map(|&tag| view.tag(tag));
    let tags: Vec<String> = names.map(|tag| tag.name.to_owned()).collect();
    let lists: Vec<Safe> = question
        .lists
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    let exact = addresses.cover().len();
    if exact > MOST_EXACT {
        return Err(FitError::TooMany { exact });
    }
    let Some(fitted) = Fitted::new(&addresses, in_place.as_deref().unwrap_or_default()) else {
        return Err(FitError::Nothing {
            subject: words::subject(&tags, &lists),
            family: question.family,
        });
    };
    Ok(FitAnswer {
        tags,
        lists,
        addresses,
        fitted,
        in_place,
    })
}

impl FitAnswer {
    /// The best cover within a limit; where that can be, no family has a greater share of extra
    /// addresses than `most`.
    ///
    /// # Errors
    /// [`FitError`] for a limit below the number of families.
    pub fn at(&self, limit: usize, most: Option<Percent>) -> Result<Cover, FitError> {
        if limit < self.fitted.least() {
            return Err(if limit == 0 {
                FitError::Zero
            } else {
                FitError::Families
            });
        }
        let (blocks, parts) = self.fitted.cover(limit, most.map(Percent::share));
        let whole = AddressSet::from_blocks(blocks.iter().copied());
        let extra = whole.difference(&self.addresses);
        let placed = self.in_place.as_deref();
        let is_kept = |block: &Block| placed.is_some_and(|all| all.binary_search(block).is_ok());
        let cidrs = blocks.iter().map(|&block| Cidr {
            block,
            extra: inside(extra.family(block.family()), block),
            is_kept: is_kept(&block),
        });
        let (kept, added) = blocks.iter().partition(|block| is_kept(block));
        let changes = placed.map(|placed| Changes {
            kept,
            added,
            removed: placed
                .iter()
                .filter(|it| blocks.binary_search(it).is_err())
                .copied()
                .collect(),
        });
        Ok(Cover {
            limit,
            cidrs: cidrs.collect(),
            parts,
            extra,
            changes,
        })
    }

    /// The answer of one family alone, to which a limit then goes whole; `None` when the family has
    /// nothing. Nothing is computed again.
    #[must_use]
    pub fn only(&self, family: Family) -> Option<Self> {
        let fitted = self.fitted.only(family)?;
        let mut addresses = AddressSet::default();
        match family {
            Family::V4 => addresses.v4 = self.addresses.v4.clone(),
            Family::V6 => addresses.v6 = self.addresses.v6.clone(),
        }
        let placed = self.in_place.as_ref().map(|placed| {
            let placed = placed.iter().filter(|block| block.family() == family);
            placed.copied().collect()
        });
        Some(Self {
            tags: self.tags.clone(),
            lists: self.lists.clone(),
            addresses,
            fitted,
            in_place: placed,
        })
    }

    /// The fewest CIDRs with at most so many extra addresses in each family.
    #[must_use]
    pub fn fewest_within(&self, most: Percent) -> usize {
        self.fitted.fewest_within(most.share())
    }
}

impl Cover {
    /// The fewest CIDRs without an extra address.
    #[must_use]
    pub fn exact(&self) -> usize {
        self.parts.iter().map(|part| part.exact).sum()
    }

    /// The addresses that were asked for.
    #[must_use]
    pub fn addresses(&self) -> Count {
        self.parts.iter().map(|part| part.addresses).sum()
    }

    /// The addresses that were not.
    #[must_use]
    pub fn extra_addresses(&self) -> Count {
        self.parts.iter().map(|part| part.extra).sum()
    }

    /// Whether a family has more addresses that were not asked for than such that were.
    #[must_use]
    pub fn is_reckless(&self) -> bool {
        self.share() > Share::new(1, 1)
    }

    /// The greater of the families' shares.
    #[must_use]
    pub fn share(&self) -> Share {
        let shares = self.parts.iter().map(|part| part.share);
        shares.max().unwrap_or(Share::NONE)
    }
}

/// How many addresses of some ranges lie in a block.
fn inside(ranges: &Ranges, block: Block) -> Count {
    let runs = ranges.runs();
    let from = runs.partition_point(|&(_, last)| last < block.first());
    let runs = runs.iter().skip(from);
    let runs = runs.take_while(|&&(first, _)| first <= block.last());
    runs.map(|&(first, last)| Count::of_run(first.max(block.first()), last.min(block.last())))
        .sum()
}
