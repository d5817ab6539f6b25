//! What is asked of two weeks: which of the changed tags.

use std::collections::BTreeSet;

use crate::index::{TagPair, TagRow, View};
use crate::query::diff::rows_of;
use crate::query::tags::{TagContext, TagsQuestion, ask, asks_by_key};
use crate::query::{Dataset, tags};
use crate::text::{Pattern, counted, matches_words};

/// Which tags to compare.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DiffQuestion {
    /// Which tags, as in a list of them.
    pub tags: tags::TagsQuestion,
    /// Leaves `AzureCloud` and its regions out, which repeat the others.
    pub ignores_azure_cloud: bool,
    /// Leaves out tags with the same addresses as before.
    pub wants_address_changes: bool,
    /// Only tags of these names, such as the watched ones.
    pub only: Option<BTreeSet<String>>,
    /// The filter whose tags these are: see [`Self::resolved`].
    pub typed: String,
}

/// Whether a tag's name without its region is this.
pub fn is_azure_cloud(service: &str) -> bool {
    service.eq_ignore_ascii_case("AzureCloud")
}

impl DiffQuestion {
    /// With a filter that asks by keys (`feature:nsg`) taken as names: of the tags that either
    /// week's list would show.
    ///
    /// # Errors
    /// A value that a key does not have.
    pub fn resolved(
        mut self,
        weeks: [&Dataset; 2],
        context: &TagContext<'_>,
    ) -> Result<Self, String> {
        if !asks_by_key(&self.tags.filter) {
            return Ok(self);
        }
        let question = TagsQuestion {
            filter: std::mem::take(&mut self.tags.filter),
            ..TagsQuestion::default()
        };
        let mut names = BTreeSet::new();
        for week in weeks {
            let answer = ask(&question, week, context);
            if let Some(flaw) = answer.flaw {
                return Err(flaw);
            }
            let view = week.view();
            let rows = answer.tags.iter().filter_map(|&tag| view.tag(tag));
            names.extend(rows.map(|row| row.name.to_owned()));
        }
        if let Some(only) = &self.only {
            names.retain(|name| only.contains(name));
        }
        self.only = Some(names);
        self.typed = question.filter;
        Ok(self)
    }

    fn keeps(&self, row: &TagRow<'_>) -> bool {
        let words = self.tags.filter.trim();
        let cells = [row.name, row.region, row.system_service];
        self.tags.keeps(row)
            && !(self.ignores_azure_cloud && is_azure_cloud(tags::base_name(row)))
            && self
                .only
                .as_ref()
                .is_none_or(|names| names.contains(row.name))
            && (words.is_empty() || matches_words(words, &cells))
    }

    /// Which tags are asked for, one limit after the other.
    pub(super) fn in_words(&self) -> Vec<String> {
        let tags = &self.tags;
        let filter = match self.typed.trim() {
            "" => tags.filter.trim(),
            typed => typed,
        };
        let region = |region: &tags::RegionChoice| match region {
            tags::RegionChoice::All => "all regions".to_owned(),
            tags::RegionChoice::NotRegional => "without a region".to_owned(),
            tags::RegionChoice::Property(region) => format!("region {region}"),
        };
        let regions: Vec<String> = tags.regions.iter().map(region).collect();
        let patterns: Vec<&str> = tags.patterns.iter().map(Pattern::typed).collect();
        let features: Vec<&str> = tags.features.iter().map(|it| it.word()).collect();
        let any = |values: &[String]| (!values.is_empty()).then(|| values.join(" or "));
        let only = self.only.as_ref().filter(|_| self.typed.is_empty());
        let only = only.map(|names| counted(names.len(), "chosen tag", "chosen tags"));
        let limits = [
            (!patterns.is_empty()).then(|| format!("tags like {}", patterns.join(" or "))),
            (!filter.is_empty()).then(|| format!("filter {filter}")),
            any(&regions),
            any(&tags.services).map(|services| format!("service {services}")),
            (!features.is_empty()).then(|| format!("feature {}", features.join(" and "))),
            only,
            self.ignores_azure_cloud
                .then(|| "without AzureCloud".to_owned()),
            self.wants_address_changes
                .then(|| "only changed addresses".to_owned()),
        ];
        limits.into_iter().flatten().collect()
    }

    /// Which pairs of tags are asked for: those of which either week's tag is; `None` for all.
    pub(super) fn kept(&self, views: &[View<'_>; 2], pairs: &[TagPair]) -> Option<Vec<bool>> {
        let asks_all = self.only.is_none() && self.tags == tags::TagsQuestion::default();
        if !self.ignores_azure_cloud && asks_all {
            return None;
        }
        let keeps = |pair: &TagPair| {
            let [_, target] = views;
            let same = pair.ids[1].filter(|_| !pair.differs);
            match same.and_then(|tag| target.tag(tag)) {
                Some(row) => self.keeps(&row),
                None => rows_of(views, pair)
                    .iter()
                    .flatten()
                    .any(|row| self.keeps(row)),
            }
        };
        Some(pairs.iter().map(keeps).collect())
    }
}
