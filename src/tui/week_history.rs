//! All weeks at hand, as the screens ask of them.

use crate::azure::{Cloud, ContentHash};
use crate::index::{Chronicle, ChronicleError};
use crate::query::history::{HistorySummary, Since, of_span};
use crate::query::lookup::QueryKind;
use crate::space::Span;

/// All weeks of a cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekHistory {
    chronicle: Chronicle,
    summary: HistorySummary,
}

/// A tag over the weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagTimeline {
    /// Rows in each week, oldest first; `None` for a week without the tag.
    pub rows: Vec<Option<usize>>,
    /// The date of its last change; `None` when all weeks are alike.
    pub changed: Option<String>,
    /// The oldest week.
    pub first: Option<String>,
}

impl WeekHistory {
    /// Sums the weeks up.
    ///
    /// # Errors
    /// [`ChronicleError::Damaged`].
    pub fn new(chronicle: Chronicle) -> Result<Self, ChronicleError> {
        let summary = HistorySummary::of(&chronicle)?;
        Ok(Self { chronicle, summary })
    }

    /// The cloud of every week.
    #[must_use]
    pub const fn cloud(&self) -> Cloud {
        self.chronicle.cloud()
    }

    /// All tags over all weeks.
    #[must_use]
    pub const fn summary(&self) -> &HistorySummary {
        &self.summary
    }

    /// A tag over the weeks; `None` for one that no week has.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<TagTimeline> {
        let rows = self.summary.sparkline(name);
        (!rows.is_empty()).then(|| TagTimeline {
            rows,
            changed: self.summary.last_changed_marked(name),
            first: self.summary.marked(0),
        })
    }

    /// Since when tags have held an address, asked of the newest week alone: by name.
    #[must_use]
    pub fn since(&self, span: Span, newest: ContentHash, names: &[&str]) -> Vec<Option<Since>> {
        let is_newest = self.chronicle.entries().last();
        let is_newest = is_newest.is_some_and(|entry| entry.content_hash == newest);
        let found = is_newest.then(|| of_span(QueryKind::Address, span, &self.chronicle).ok());
        let found = found.flatten();
        names
            .iter()
            .map(|name| found.as_ref().and_then(|found| found.since(name)))
            .collect()
    }
}

/// Rows per week as a line of blocks from the least to the most, the newest week last; a blank for
/// a week without the tag.
#[must_use]
pub fn sparkline(rows: &[Option<usize>], room: usize) -> String {
    const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let shown = rows.get(rows.len().saturating_sub(room)..).unwrap_or(&[]);
    let known = || shown.iter().flatten();
    let (least, most) = (known().min(), known().max());
    let (least, most) = (least.copied().unwrap_or(0), most.copied().unwrap_or(0));
    let level = |rows: usize| {
        // A tag that never changes is a line in the middle.
        let place = ((rows - least) * 7).checked_div(most - least).unwrap_or(3);
        LEVELS.get(place).copied().unwrap_or(' ')
    };
    shown.iter().map(|rows| rows.map_or(' ', level)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_from_the_least_to_the_most() {
        let rows = [None, Some(10), Some(17), Some(24), Some(24)];
        assert_eq!(sparkline(&rows, 9), " ▁▄██");
        assert_eq!(sparkline(&rows, 2), "▄▄");
        assert_eq!(sparkline(&[Some(0); 3], 9), "▄▄▄");
        assert_eq!(sparkline(&[], 9), "");
    }
}
