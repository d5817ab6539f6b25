//! Which entries of a rule set form one list of addresses.

use crate::query::rules::impact::Stated;
use crate::query::rules::impact::week::FAMILIES;
use crate::rules::{Access, Direction, Entry, Listing, Row, RowEnds, RuleSet, RuleSetKind};
use crate::space::{AddressSet, Family, Span};

/// A side of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowSide {
    /// Where it comes from.
    Source,
    /// Where it goes.
    Destination,
}

impl RowSide {
    /// The entries of a row on this side.
    #[must_use]
    pub fn of(self, row: &Row) -> &[Entry] {
        match self {
            Self::Source => &row.sources,
            Self::Destination => &row.destinations,
        }
    }
}

/// Entries that are compared with a tag together.
pub struct EntryList<'a> {
    pub side: RowSide,
    /// Places in the set.
    pub rows: Vec<usize>,
    /// Row, place among the side's entries, addresses.
    pub entries: Vec<(usize, usize, Span)>,
    /// All of them together.
    pub addresses: AddressSet,
    /// Which families are compared.
    pub families: [bool; 2],
    /// The tag that the file or the user names.
    pub stated: Option<&'a str>,
    /// Whether the file says that it is no tag's, so that none is looked for.
    pub is_of_no_tag: bool,
}

impl EntryList<'_> {
    /// Whether a family is compared.
    pub const fn has(&self, family: Family) -> bool {
        let [v4, v6] = self.families;
        match family {
            Family::V4 => v4,
            Family::V6 => v6,
        }
    }
}

/// Whether lists of this kind are more than one row's.
pub const fn is_of_set(kind: RuleSetKind) -> bool {
    !matches!(kind.facts().listing, Listing::Row)
}

/// The lists of a set, with the tags that the user states.
pub fn lists<'a>(set: &'a RuleSet, stated: &'a [Stated]) -> Vec<EntryList<'a>> {
    let own = || {
        set.rows
            .iter()
            .enumerate()
            .filter(|(_, row)| !row.is_default)
    };
    let mut lists = Vec::new();
    let facts = set.kind.facts();
    let sides: &[RowSide] = match facts.ends {
        RowEnds::Both => &[RowSide::Source, RowSide::Destination],
        RowEnds::Source => &[RowSide::Source],
        RowEnds::Destination | RowEnds::Members => &[RowSide::Destination],
    };
    let parts: Vec<Vec<usize>> = match facts.listing {
        Listing::Set => vec![own().map(|(place, _)| place).collect()],
        Listing::Row => own().map(|(place, _)| vec![place]).collect(),
        Listing::Effect => {
            let mut effects: Vec<(&Access, Vec<usize>)> = Vec::new();
            for (place, row) in own() {
                match effects
                    .iter_mut()
                    .find(|(access, _)| **access == row.access)
                {
                    Some((_, rows)) => rows.push(place),
                    None => effects.push((&row.access, vec![place])),
                }
            }
            effects.into_iter().map(|(_, rows)| rows).collect()
        }
    };
    for rows in parts {
        let sides = sides.iter();
        lists.extend(sides.map(|&side| list(set, side, rows.clone(), stated)));
    }
    // A section without entries still stands for its tag: everything is missing in it.
    lists.retain(|list| !list.entries.is_empty() || list.stated.is_some());
    lists
}

fn list<'a>(
    set: &'a RuleSet,
    side: RowSide,
    rows: Vec<usize>,
    stated: &'a [Stated],
) -> EntryList<'a> {
    let mut entries = Vec::new();
    for &place in &rows {
        let of_row = set.rows.get(place).map_or(&[][..], |row| side.of(row));
        let spans = of_row.iter().enumerate();
        entries.extend(spans.filter_map(|(entry, it)| Some((place, entry, it.span()?))));
    }
    let addresses = AddressSet::from_spans(entries.iter().map(|&(_, _, span)| span));
    let families = match set.kind {
        kind if !kind.facts().has_v6 => [true, false],
        _ if addresses.is_empty() => [true, true],
        _ => FAMILIES.map(|family| !addresses.family(family).is_empty()),
    };
    let mut list = EntryList {
        side,
        rows,
        entries,
        addresses,
        families,
        stated: None,
        is_of_no_tag: false,
    };
    list.stated = stated_for(set, &list, stated);
    let mut own = list.rows.iter().filter_map(|&place| set.rows.get(place));
    list.is_of_no_tag = list.stated.is_none() && own.any(|row| row.is_of_no_tag);
    list
}

/// The tag that a list stands for by the file's or the user's word; the file's comes first.
fn stated_for<'a>(set: &'a RuleSet, list: &EntryList<'_>, stated: &'a [Stated]) -> Option<&'a str> {
    let rows = || list.rows.iter().filter_map(|&place| set.rows.get(place));
    if let Some(tag) = rows().find_map(|row| row.stands_for.as_deref()) {
        return Some(tag);
    }
    let is_main = rows().all(|row| is_main(row, list.side));
    let is_named = |name: &str| {
        let is_it = |own: &str| own.eq_ignore_ascii_case(name);
        is_it(set.name.as_str()) || rows().any(|row| is_it(row.name.as_str()))
    };
    let is_whole = set.kind.has_members() || set.kind.facts().listing == Listing::Set;
    let has_addresses = !list.entries.is_empty();
    let found = stated.iter().find(|stated| match &stated.row {
        Some(row) => is_named(row),
        None => is_whole,
    });
    found
        .filter(|_| is_main && has_addresses)
        .map(|stated| stated.tag.as_str())
}

/// Whether a side is the one that looks out of the network, or the only one with addresses.
fn is_main(row: &Row, side: RowSide) -> bool {
    let remote = match row.direction {
        Direction::In => RowSide::Source,
        Direction::Out => RowSide::Destination,
    };
    let has_remote = remote.of(row).iter().any(|entry| entry.span().is_some());
    side == remote || !has_remote
}
