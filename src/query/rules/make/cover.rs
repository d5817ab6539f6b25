//! What a cover of tags and lists is of, and its price.

use crate::azure::Numbers;
use crate::query::Dataset;
use crate::query::rules::fit::{Cover, CoverPart, FitAnswer};
use crate::space::{Block, Family};

/// What a cover is of, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The tags with their numbers, where the publication has some.
    pub tags: Vec<(String, Option<u32>)>,
    /// The most CIDRs there might be.
    pub limit: usize,
    /// The price of each family.
    pub parts: Vec<CoverPart>,
    /// CIDRs that are all of a family.
    pub whole: Vec<Block>,
}

impl Covered {
    /// What `cover` is of.
    pub(super) fn of(dataset: &Dataset, answer: &FitAnswer, cover: &Cover) -> Self {
        let view = dataset.view();
        let is_published = dataset.numbers() == Numbers::Published;
        let number = |name: &str| {
            let row = view.tag(view.find(name)?)?;
            row.change_number.filter(|_| is_published)
        };
        let mut tags: Vec<(String, Option<u32>)> = answer
            .tags
            .iter()
            .map(|name| (name.clone(), number(name)))
            .collect();
        tags.sort();
        tags.dedup();
        let blocks = cover.cidrs.iter().map(|cidr| cidr.block);
        Self {
            tags,
            limit: cover.limit,
            parts: cover.parts.clone(),
            whole: blocks.filter(|block| block.length() == 0).collect(),
        }
    }

    /// The price of the families that are written, a sentence each.
    pub(super) fn sentences(&self, families: &[Family]) -> Vec<String> {
        let parts = self.parts.iter();
        let written = parts.filter(|part| families.contains(&part.family));
        let whole = self.whole.iter();
        let whole = whole.filter(|block| families.contains(&block.family()));
        let whole = whole.map(|block| format!("{block} is every address there is"));
        written.map(CoverPart::sentence).chain(whole).collect()
    }
}
