//! The changes of a set as commands, as lines, and as a new list.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::query::rules::LoadedFile;
use crate::query::rules::impact::{ListChange, SetImpact, commands};
use crate::rules::{RuleSet, RuleSetKind};

/// The smallest set of changes of one set of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patch {
    /// Commands of Azure CLI, one line each.
    pub commands: Vec<String>,
    /// Of a list: its entries that go (`-`) and come (`+`).
    pub lines: Vec<String>,
    /// What to know before it is applied, and what has to be done by hand.
    pub notes: Vec<String>,
}

impl SetImpact {
    /// What to do; `None` when there is nothing to do. `files` are those that were asked about.
    #[must_use]
    pub fn patch(&self, files: &[LoadedFile]) -> Option<Patch> {
        let (file, place) = self.place;
        let set = files.get(file)?.file.sets.get(place)?;
        let mut patch = match set.kind {
            RuleSetKind::Acr => commands::registry(set, &self.changes),
            RuleSetKind::Nsg => commands::security_group(set, &self.changes),
            RuleSetKind::Firewall => commands::firewall(set, &self.changes),
            RuleSetKind::IpGroup => commands::ip_group(set, &self.changes),
            RuleSetKind::RouteTable => commands::routes(set, &self.changes),
            RuleSetKind::List => Patch {
                lines: lines(set, &self.changes),
                ..Patch::default()
            },
        };
        let changed: BTreeSet<usize> = self
            .changes
            .iter()
            .flat_map(|it| &it.rows)
            .copied()
            .collect();
        for row in &self.rows {
            let is_left = row.row.is_some_and(|place| !changed.contains(&place));
            if is_left && row.status.is_affected() {
                let why = row.notes.join("; ");
                patch.notes.push(format!("{}: by hand: {why}", row.name));
            }
        }
        let is_empty =
            patch.commands.is_empty() && patch.lines.is_empty() && patch.notes.is_empty();
        (!is_empty).then_some(patch)
    }

    /// The text of a plain list with its changes: comments and everything else stay as they are.
    /// `None` for what is no list or has no change.
    #[must_use]
    pub fn patched(&self, files: &[LoadedFile], text: &str) -> Option<String> {
        let (file, place) = self.place;
        let set = files.get(file)?.file.sets.get(place)?;
        if set.kind != RuleSetKind::List || self.changes.is_empty() {
            return None;
        }
        patched_list(text, set, &self.changes)
    }
}

/// The entries of a list that go and come.
fn lines(set: &RuleSet, changes: &[ListChange]) -> Vec<String> {
    let mut lines = Vec::new();
    for change in changes {
        let gone = change.removed.iter().filter_map(|&(row, entry)| {
            let row = set.rows.get(row)?;
            change.side.of(row).get(entry)
        });
        lines.extend(gone.map(|entry| format!("-{entry}")));
        lines.extend(change.added.iter().map(|block| format!("+{block}")));
    }
    lines
}

/// A list's text with some changes: a JSON list of texts, or lines with their comments.
///
/// `None` when the text is another one than the set was read from.
#[must_use]
pub fn patched_list(text: &str, set: &RuleSet, changes: &[ListChange]) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['[', '{']) {
        return patched_json(text, set, changes);
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut sections = sections(set);
    sections.sort_unstable();
    let mut section: Option<usize> = None;
    let mut entry = 0;
    let mut lines: Vec<String> = Vec::new();
    // Where the entries of each section end.
    let mut ends: Vec<usize> = vec![0; set.rows.len()];
    for (number, line) in (1..).zip(text.lines()) {
        let start = sections
            .binary_search_by_key(&number, |&(line, _)| line)
            .ok();
        if let Some(&(_, row)) = start.and_then(|place| sections.get(place)) {
            (section, entry) = (Some(row), 0);
        }
        let gone = |entry: usize| {
            section.is_some_and(|row| {
                let mut changes = changes.iter();
                changes.any(|change| change.removed.contains(&(row, entry)))
            })
        };
        let (kept, count) = without(line, entry, gone);
        entry += count;
        let is_of_section = count > 0 || start.is_some();
        lines.extend(kept);
        if let Some(own) = section
            .and_then(|row| ends.get_mut(row))
            .filter(|_| is_of_section)
        {
            *own = lines.len();
        }
    }
    // From the last section to the first, so that places stay right.
    let mut inserted: Vec<(usize, &ListChange)> = changes
        .iter()
        .filter_map(|change| Some((*ends.get(*change.rows.first()?)?, change)))
        .collect();
    inserted.sort_by_key(|&(place, _)| std::cmp::Reverse(place));
    for (place, change) in inserted {
        let new = change.added.iter().map(ToString::to_string);
        let place = place.min(lines.len());
        lines.splice(place..place, new);
    }
    let mut patched = lines.join(end);
    if !patched.is_empty() && (text.ends_with('\n') || text.is_empty()) {
        patched.push_str(end);
    }
    Some(patched)
}

/// Line and row of each section of a list.
fn sections(set: &RuleSet) -> Vec<(usize, usize)> {
    let rows = set.rows.iter().enumerate();
    let line = |place: &str| place.strip_prefix("line ")?.parse::<usize>().ok();
    rows.filter_map(|(row, it)| Some((line(&it.place)?, row)))
        .collect()
}

/// A line without the entries that go, and how many entries it had; no line where nothing is left.
fn without(line: &str, first: usize, gone: impl Fn(usize) -> bool) -> (Option<String>, usize) {
    const BETWEEN: [char; 4] = [',', ';', ' ', '\t'];
    let body = line.split_once('#').map_or(line, |(body, _)| body);
    let mut kept = String::new();
    let (mut count, mut left) = (0, 0);
    let mut rest = body;
    loop {
        let blank = rest.len() - rest.trim_start_matches(BETWEEN).len();
        let (before, after) = rest.split_at(blank);
        let width = after.find(BETWEEN).unwrap_or(after.len());
        let (word, next) = after.split_at(width);
        if word.is_empty() {
            kept.push_str(before);
            break;
        }
        if gone(first + count) {
            // The blanks before it go with it, but for those that indent the line.
            if left == 0 && kept.is_empty() && before.trim().is_empty() {
                kept.push_str(before);
            }
        } else {
            let is_first = left == 0 && !kept.is_empty();
            kept.push_str(if is_first { "" } else { before });
            kept.push_str(word);
            left += 1;
        }
        count += 1;
        rest = next;
    }
    let is_changed = (first..first + count).any(&gone);
    if !is_changed {
        return (Some(line.to_owned()), count);
    }
    if left == 0 {
        return (None, count);
    }
    let comment = line.get(body.len()..).unwrap_or_default();
    (Some(format!("{kept}{comment}")), count)
}

/// A JSON list of texts; one within a greater document is not written anew.
fn patched_json(text: &str, set: &RuleSet, changes: &[ListChange]) -> Option<String> {
    let texts: Vec<String> = serde_json::from_str(text).ok()?;
    let [row] = set.rows.as_slice() else {
        return None;
    };
    if texts.len() != row.destinations.len() {
        return None;
    }
    let is_gone = |entry: usize| {
        let mut changes = changes.iter();
        changes.any(|change| change.removed.contains(&(0, entry)))
    };
    let texts = texts.into_iter().enumerate();
    let mut kept: Vec<String> = texts
        .filter(|&(entry, _)| !is_gone(entry))
        .map(|(_, text)| text)
        .collect();
    let new = changes.iter().flat_map(|change| &change.added);
    kept.extend(new.map(ToString::to_string));
    let mut text = serde_json::to_string_pretty(&kept).ok()?;
    let _ = writeln!(text);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::rules::impact::RowSide;
    use crate::rules::read_rules;
    use crate::space::Block;

    /// The text after the removal of entries of rows, and one new block in the last row.
    fn patched(text: &str, removed: &[(usize, usize)]) -> String {
        let set = read_rules(text.as_bytes()).unwrap().sets.remove(0);
        let change = ListChange {
            side: RowSide::Destination,
            rows: vec![set.rows.len() - 1],
            removed: removed.to_vec(),
            added: vec![Block::parse("198.51.100.0/24").unwrap().0],
            tag: None,
        };
        patched_list(text, &set, &[change]).unwrap()
    }

    #[test]
    fn only_the_entries_that_go_leave_a_line() {
        for (text, removed, expected) in [
            ("192.0.2.1\n", &[][..], "192.0.2.1\n198.51.100.0/24\n"),
            ("192.0.2.1 # a\n", &[(0, 0)], "198.51.100.0/24\n"),
            (
                "  192.0.2.1, 192.0.2.2;192.0.2.3 # a, b",
                &[(0, 1)],
                "  192.0.2.1;192.0.2.3 # a, b\n198.51.100.0/24",
            ),
            (
                "  192.0.2.1, 192.0.2.2 # a\n# end\n",
                &[(0, 0)],
                "  192.0.2.2 # a\n198.51.100.0/24\n# end\n",
            ),
            (
                "192.0.2.1\n# tag: Storage\n192.0.2.1\n192.0.2.2\n\n# end",
                &[(1, 0)],
                "192.0.2.1\n# tag: Storage\n192.0.2.2\n198.51.100.0/24\n\n# end",
            ),
            (
                "192.0.2.1\n# tag: Storage\n",
                &[(0, 0)],
                "# tag: Storage\n198.51.100.0/24\n",
            ),
            (
                "192.0.2.1\r\n192.0.2.2\r\n",
                &[(0, 1)],
                "192.0.2.1\r\n198.51.100.0/24\r\n",
            ),
        ] {
            assert_eq!(patched(text, removed), expected, "{text:?}");
        }
    }

    #[test]
    fn a_list_of_texts_stays_one() {
        let new = patched(r#"["192.0.2.1", "192.0.2.2", "Storage"]"#, &[(0, 1)]);
        let texts: Vec<String> = serde_json::from_str(&new).unwrap();
        assert_eq!(texts, ["192.0.2.1", "Storage", "198.51.100.0/24"]);
    }
}
