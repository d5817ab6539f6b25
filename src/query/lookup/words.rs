//! What an answer says in sentences, for text and screen alike.

use crate::query::lookup::{LookupAnswer, QueryKind};
use crate::query::{Cell, Dataset};
use crate::text::{and_more, counted};

/// Tags of a block's coverage that are listed.
const LISTED: usize = 12;

impl LookupAnswer {
    /// One line: what was asked and what was found.
    #[must_use]
    pub fn headline(&self) -> String {
        let query = crate::text::clean(&self.query);
        if self.is_host() {
            let found = self
                .addresses
                .iter()
                .filter(|host| !host.matches.is_empty())
                .count();
            return match self.addresses.len() {
                0 => format!("{query}  a host name, not resolved"),
                all => {
                    let all = counted(all, "address", "addresses");
                    format!("{query}  {found} of {all} in a tag")
                }
            };
        }
        let mut tags: Vec<_> = self.matches.iter().map(|found| found.tag).collect();
        tags.sort_unstable();
        tags.dedup();
        let found = match (tags.len(), self.matches.len()) {
            (0, _) => "in no tag".to_owned(),
            (1, 1) => "in 1 tag".to_owned(),
            (tags, 1) => format!("in {tags} tags"),
            (tags, _) if self.kind == QueryKind::Address => format!("in {tags} tags"),
            (tags, rows) => {
                format!(
                    "{} tags, {} prefixes",
                    Cell::Number(tags).shown(),
                    Cell::Number(rows).shown()
                )
            }
        };
        match (&self.coverage, self.span) {
            (Some(coverage), Some(span)) => {
                let share = Cell::Share(coverage.covered.share_of(coverage.whole));
                let size = span.count().short();
                format!(
                    "{query}  {size} addresses · {found} · {} in a tag",
                    share.shown()
                )
            }
            _ => format!("{query}  {found}"),
        }
    }

    /// The lines that are no table: the chain of names, coverage per tag, the neighbours.
    #[must_use]
    pub fn extras(&self, dataset: &Dataset) -> Vec<String> {
        let view = dataset.view();
        let mut lines = Vec::new();
        if !self.chain.is_empty() {
            let names: Vec<&str> = self.chain.iter().map(crate::text::Safe::as_str).collect();
            lines.push(format!("→ {}", names.join(" → ")));
        }
        if let Some(coverage) = &self.coverage {
            for part in coverage.tags.iter().take(LISTED) {
                let share = part.addresses.share_of(coverage.whole);
                if let Some(row) = view.tag(part.tag) {
                    lines.push(format!("{:>8} {}", Cell::Share(share).shown(), row.name));
                }
            }
            let more = and_more(coverage.tags.len(), LISTED);
            lines.extend(more.map(|more| format!("{more} tags")));
        }
        for found in self.also.iter().flatten() {
            lines.push(found.sentence());
        }
        for host in &self.addresses {
            let also = host.also.iter().flatten();
            lines.extend(also.map(|found| format!("{}: {}", host.address, found.sentence())));
        }
        for near in &self.nearest {
            if let Some(row) = view.tag(near.hit.tag) {
                let side = if near.is_below { "below" } else { "above" };
                let (prefix, far) = (near.hit.prefix, near.distance.short());
                lines.push(format!("nearest {side}: {prefix} {}, {far} away", row.name));
            }
        }
        lines
    }
}
