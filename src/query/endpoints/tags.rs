//! The service tags of a row, in the form that the week at hand has.

use std::collections::BTreeSet;

use crate::azure::Facts;
use crate::azure::registry::Profile;
use crate::index::TagId;
use crate::query::Dataset;
use crate::space::Block;

/// Resolves tags for one plan.
pub(super) struct Tags<'a> {
    profile: &'a Profile,
    pub(super) dataset: Option<&'a Dataset>,
    facts: &'a Facts,
}

impl<'a> Tags<'a> {
    pub(super) const fn new(
        profile: &'a Profile,
        dataset: Option<&'a Dataset>,
        facts: &'a Facts,
    ) -> Self {
        Self {
            profile,
            dataset,
            facts,
        }
    }

    /// The regional tags of every region of the registry, or the whole tag.
    pub(super) fn everywhere(&self, base: &str) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for region in &self.profile.regions {
            let name = self.regional(base, region);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() || names.iter().any(|name| name == base) {
            // The whole tag holds the regional ones.
            return vec![base.to_owned()];
        }
        names
    }

    /// The tag of a region (ARM name); the whole tag where the week has no such tag.
    pub(super) fn regional(&self, base: &str, region: &str) -> String {
        let known = self.facts.regions.find(self.profile.cloud, region);
        let Some(known) = known else {
            return base.to_owned();
        };
        let name = format!("{base}.{}", known.tag_suffix);
        match self.dataset {
            Some(dataset) => {
                let view = dataset.view();
                let found = view.find(&name).and_then(|tag| view.tag(tag));
                found.map_or_else(|| base.to_owned(), |row| row.name.to_owned())
            }
            None => name,
        }
    }

    /// Of these tags the ones that the week has; all of them without a week.
    pub(super) fn present(&self, names: &[&str]) -> Vec<String> {
        let is_there = |name: &&&str| {
            self.dataset
                .is_none_or(|data| data.view().find(name).is_some())
        };
        names
            .iter()
            .filter(is_there)
            .map(|name| (*name).to_owned())
            .collect()
    }

    /// Distinct prefixes of some tags, IPv4 and IPv6.
    pub(super) fn prefixes(&self, names: &[String]) -> Option<[usize; 2]> {
        if names.is_empty() {
            return None;
        }
        let blocks = blocks(self.dataset?, names)?;
        let v4 = blocks
            .iter()
            .filter(|block| block.family() == crate::space::Family::V4)
            .count();
        Some([v4, blocks.len() - v4])
    }

    /// Tags that exist but cannot be used in rules.
    pub(super) fn unusable(&self, names: &[&str]) -> Vec<String> {
        let Some(dataset) = self.dataset else {
            return Vec::new();
        };
        let view = dataset.view();
        names
            .iter()
            .filter_map(|name| view.tag(view.find(name)?))
            .filter(|row| row.features == Some(""))
            .map(|row| row.name.to_owned())
            .collect()
    }

    /// How far a region is open, as the table of regions has it.
    pub(super) fn status(&self, region: &str) -> Option<&str> {
        let known = self.facts.regions.find(self.profile.cloud, region);
        known.map(|region| region.status.as_str())
    }

    /// The name for people of a region.
    pub(super) fn place(&self, region: &str) -> String {
        let known = self.facts.regions.find(self.profile.cloud, region);
        known.map_or_else(|| region.to_owned(), |region| region.display_name.clone())
    }
}

/// The prefixes of some tags, each once and in order; `None` when the week lacks one of them.
pub(super) fn blocks(dataset: &Dataset, names: &[String]) -> Option<BTreeSet<Block>> {
    let view = dataset.view();
    let tags: Option<Vec<TagId>> = names.iter().map(|name| view.find(name)).collect();
    let blocks = tags?
        .into_iter()
        .flat_map(|tag| view.all_prefixes(tag))
        .collect();
    Some(blocks)
}
