//! A cover of tags and lists as a selection, with its price.

use crate::azure::Numbers;
use crate::query::Dataset;
use crate::query::rules::fit::{Answer, Cover, Part};
use crate::query::rules::make::selection::{Selection, address_request};
use crate::space::{Block, Family};

/// What a cover is of, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The tags with their numbers, where the publication has some.
    pub tags: Vec<(String, Option<u32>)>,
    /// The most CIDRs there might be.
    pub limit: usize,
    /// The price of each family.
    pub parts: Vec<Part>,
    /// CIDRs that are all of a family.
    pub whole: Vec<Block>,
}

impl Covered {
    /// The price of the families that are written, a sentence each.
    pub(super) fn sentences(&self, families: &[Family]) -> Vec<String> {
        let parts = self.parts.iter();
        let written = parts.filter(|part| families.contains(&part.family));
        let whole = self.whole.iter();
        let whole = whole.filter(|block| families.contains(&block.family()));
        let whole = whole.map(|block| format!("{block} is every address there is"));
        written.map(Part::sentence).chain(whole).collect()
    }
}

impl Selection {
    /// A cover of tags and lists; `words` select these on the command line, without `--fit`.
    #[must_use]
    pub fn of_cover(
        dataset: &Dataset,
        answer: &Answer,
        cover: &Cover,
        mut words: Vec<String>,
    ) -> Self {
        let title = match (answer.tags.as_slice(), answer.lists.as_slice()) {
            ([tag], []) => tag.clone(),
            ([], [list]) => list.to_string(),
            (_, []) => "azure-tags".to_owned(),
            _ => "selection".to_owned(),
        };
        // Where nothing selects the addresses, nothing selects their cover.
        if !words.is_empty() {
            words.extend(["--fit".to_owned(), cover.limit.to_string()]);
        }
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
        let blocks: Vec<Block> = cover.cidrs.iter().map(|cidr| cidr.block).collect();
        let mut selection = Self::new(&title, dataset);
        selection.words = words;
        let whole = blocks.iter().filter(|block| block.length() == 0).copied();
        let whole = whole.collect();
        selection.requests = vec![address_request(&title, blocks)];
        selection.cover = Some(Covered {
            tags,
            limit: cover.limit,
            parts: cover.parts.clone(),
            whole,
        });
        selection
    }
}
