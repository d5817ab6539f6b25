//! The entries of a row after a change.

use crate::query::rules::impact::ListChange;
use crate::rules::{Entry, RuleSet};

/// Entries of a side after a change, as Azure CLI takes them; `None` when one of them is not
/// understood and would be lost.
pub(super) fn new_entries(set: &RuleSet, row: usize, change: &ListChange) -> Option<Vec<String>> {
    let of_row = change.side.of(set.rows.get(row)?);
    let mut texts = Vec::with_capacity(of_row.len() + change.added.len());
    for (place, entry) in of_row.iter().enumerate() {
        match entry {
            Entry::Unread(_) | Entry::Unresolved(_) => return None,
            // Other options of the same command hold these, and they stay as they are.
            Entry::IpGroup(_)
            | Entry::SecurityGroup(_)
            | Entry::Fqdn(_)
            | Entry::FqdnTag(_)
            | Entry::Url(_)
            | Entry::WebCategory(_) => {}
            _ if change.removed.contains(&(row, place)) => {}
            entry => texts.push(entry.to_string()),
        }
    }
    texts.extend(change.added.iter().map(ToString::to_string));
    Some(texts)
}
