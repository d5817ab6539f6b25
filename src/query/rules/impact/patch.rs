//! The changes of a set as commands, as lines, and as a new list.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use crate::query::rules::LoadedFile;
use crate::query::rules::impact::{ListChange, SetImpact, commands};
use crate::rules::{Row, RuleSet, RuleSetKind};
use crate::text::{self, WordRefusal};

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

impl Patch {
    /// A command, or that there is none, and why.
    pub(super) fn push(&mut self, command: Result<String, WordRefusal>) {
        match command {
            Ok(command) => self.commands.push(command),
            Err(refusal) => {
                let note = format!("by hand: {refusal}");
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
            }
        }
    }
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
/// `None` when the text is another one than the set was read from, or a table.
#[must_use]
pub fn patched_list(list: &str, set: &RuleSet, changes: &[ListChange]) -> Option<String> {
    let list = list.strip_prefix('\u{feff}').unwrap_or(list);
    if list.trim_start().starts_with(['[', '{']) {
        return patched_json(list, set, changes);
    }
    let end = if list.contains("\r\n") { "\r\n" } else { "\n" };
    // Of a table nobody knows what stands beside a new entry.
    let is_table = |row: &Row| row.written.len() != row.destinations.len();
    if set.rows.iter().any(is_table) {
        return None;
    }
    let mut own: BTreeMap<usize, Vec<ListedEntry>> = BTreeMap::new();
    for (row, it) in set.rows.iter().enumerate() {
        for (entry, place) in it.written.iter().enumerate() {
            let mut changes = changes.iter();
            let is_gone = changes.any(|change| change.removed.contains(&(row, entry)));
            own.entry(place.line).or_default().push(ListedEntry {
                row,
                span: place.span.clone(),
                is_gone,
            });
        }
    }
    let sections = sections(set);
    let mut lines: Vec<String> = Vec::new();
    // Where the entries of each section end.
    let mut ends: Vec<usize> = vec![0; set.rows.len()];
    for (number, line) in (1..).zip(text::lines(list).filter_map(|span| list.get(span))) {
        let entries = own.get(&number).map_or(&[][..], Vec::as_slice);
        lines.extend(without(line, entries));
        let starts = sections.iter().filter(|&&(line, _)| line == number);
        let rows = entries.iter().map(|entry| entry.row);
        for row in rows.chain(starts.map(|&(_, row)| row)) {
            if let Some(end) = ends.get_mut(row) {
                *end = lines.len();
            }
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
    if !patched.is_empty() && (list.ends_with('\n') || list.is_empty()) {
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

/// An entry of a line of a list.
struct ListedEntry {
    row: usize,
    span: Range<usize>,
    is_gone: bool,
}

/// A line without the entries that go; none where no other is left.
fn without(line: &str, entries: &[ListedEntry]) -> Option<String> {
    if !entries.iter().any(|entry| entry.is_gone) {
        return Some(line.to_owned());
    }
    let mut kept = String::new();
    let (mut at, mut left) = (0, 0);
    for entry in entries {
        let before = line.get(at..entry.span.start).unwrap_or_default();
        let written = line.get(entry.span.clone()).unwrap_or_default();
        // What stands before an entry goes with it, but for what indents the line.
        if entry.is_gone {
            if kept.is_empty() && before.trim().is_empty() {
                kept.push_str(before);
            }
        } else {
            let is_first = left == 0 && !kept.is_empty();
            kept.push_str(if is_first { "" } else { before });
            kept.push_str(written);
            left += 1;
        }
        at = entry.span.end;
    }
    kept.push_str(line.get(at..).unwrap_or_default());
    (left > 0).then_some(kept)
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
