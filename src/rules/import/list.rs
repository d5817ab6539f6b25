//! Plain lists: one address, CIDR, range or tag a line; `#` begins a comment, and `# tag: NAME` says
//! which tag the lines below stand for (`# tag: none` that they stand for none).
//!
//! A line may hold several addresses, but a tag stands alone: any word looks like one, and the remark
//! in the second column of a table would become a service's every address.

use serde_json::Value;

use crate::rules::Entry;
use crate::rules::import::NoRules;
use crate::rules::ruleset::{
    Access, Cleared, Direction, Flaw, RegistryFacts, Row, RuleFile, RuleSet, RuleSetKind,
};
use crate::text::Safe;

/// Most flaws of a list that are kept; all of them are still not understood.
const MOST_FLAWS: usize = 100;

/// Most entries of a list.
const MOST_WORDS: usize = 1_000_000;
/// Most sections of a list.
const MOST_ROWS: usize = 100_000;

pub(super) fn read(text: &str) -> Result<RuleFile, NoRules> {
    let mut rows: Vec<Row> = Vec::new();
    let mut row = start(1, None);
    let mut has_entry = false;
    let mut first_flaw: Option<(usize, Safe)> = None;
    let mut words = 0;
    'lines: for (number, line) in (1..).zip(text.lines()) {
        let (body, comment) = match line.split_once('#') {
            Some((body, comment)) => (body, Some(comment)),
            None => (line, None),
        };
        if let Some(tag) = comment.and_then(tag_in)
            && body.trim().is_empty()
        {
            let mut next = start(number, Some(tag).filter(|tag| !tag.is_empty()));
            next.is_of_no_tag = says_none(comment);
            push(std::mem::replace(&mut row, next), &mut rows);
            continue;
        }
        let parts = words_of(body);
        for &(column, word) in &parts {
            words += 1;
            if words > MOST_WORDS || rows.len() > MOST_ROWS {
                row.flaws.push(Flaw {
                    place: format!("line {number}"),
                    found: Safe::new("the rest of the list"),
                    expected: "at most 1000000 entries in at most 100000 sections",
                });
                break 'lines;
            }
            let entry = Entry::parse(word);
            if parts.len() > 1 && entry.span().is_none() {
                return Err(NoRules::Beside {
                    line: number,
                    column,
                    found: Safe::from(short(word)),
                });
            }
            if let Some(read) = Entry::cleared(word) {
                row.cleared.push(Cleared {
                    place: format!("line {number}"),
                    written: Safe::new(word),
                    read,
                });
            }
            if let Entry::Unread(found) = &entry {
                first_flaw.get_or_insert_with(|| (number, found.clone()));
                if row.flaws.len() < MOST_FLAWS {
                    row.flaws.push(Flaw {
                        place: format!("line {number}"),
                        found: found.clone(),
                        expected: "an address, a CIDR, a range or a tag",
                    });
                }
            } else {
                has_entry = true;
            }
            row.destinations.push(entry);
        }
    }
    push(row, &mut rows);
    if !has_entry {
        let (line, found) = first_flaw.unwrap_or_else(|| {
            let line = text.lines().position(|line| !line.trim().is_empty());
            let found = text.lines().find(|line| !line.trim().is_empty());
            let found = short(found.unwrap_or_default().trim());
            (line.unwrap_or(0) + 1, Safe::from(found))
        });
        return Err(NoRules::NoEntry { line, found });
    }
    Ok(RuleFile {
        sets: vec![set(rows)],
        ..RuleFile::default()
    })
}

/// A JSON list of texts.
pub(super) fn of_strings(list: &[Value], place: &str) -> RuleSet {
    let mut row = start(1, None);
    row.place = if place.is_empty() {
        "the list".to_owned()
    } else {
        place.to_owned()
    };
    for (number, text) in list.iter().filter_map(Value::as_str).enumerate() {
        let entry = Entry::parse(text);
        if let Some(read) = Entry::cleared(text) {
            row.cleared.push(Cleared {
                place: format!("{place}[{number}]"),
                written: Safe::new(text.trim()),
                read,
            });
        }
        if let Entry::Unread(found) = &entry
            && row.flaws.len() < MOST_FLAWS
        {
            row.flaws.push(Flaw {
                place: format!("{place}[{number}]"),
                found: found.clone(),
                expected: "an address, a CIDR, a range or a tag",
            });
        }
        row.destinations.push(entry);
    }
    set(vec![row])
}

/// The words of a line, each with its column from 1.
fn words_of(body: &str) -> Vec<(usize, &str)> {
    let mut column = 1;
    let mut words = Vec::new();
    for part in body.split([',', ';', ' ', '\t']) {
        let word = part.trim_start();
        let start = column + part.chars().count() - word.chars().count();
        column += part.chars().count() + 1;
        let word = word.trim_end();
        if !word.is_empty() {
            words.push((start, word));
        }
    }
    words
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Whether a comment says that the lines below stand for no tag, and not only for none that is known.
fn says_none(comment: Option<&str>) -> bool {
    let word = comment.and_then(|comment| comment.split_once(':'));
    word.is_some_and(|(_, word)| word.trim().eq_ignore_ascii_case("none"))
}

/// The tag that the lines below stand for; empty where they stand for none.
fn tag_in(comment: &str) -> Option<String> {
    let (key, name) = comment.trim().split_once(':')?;
    if !key.trim().eq_ignore_ascii_case("tag") {
        return None;
    }
    match name.trim() {
        "" | "-" => Some(String::new()),
        none if none.eq_ignore_ascii_case("none") => Some(String::new()),
        name => matches!(Entry::parse(name), Entry::Tag(_)).then(|| name.to_owned()),
    }
}

fn start(line: usize, stands_for: Option<String>) -> Row {
    let name = stands_for.clone().unwrap_or_else(|| format!("line {line}"));
    let mut row = Row::new(
        &name,
        format!("line {line}"),
        Direction::Out,
        Access::Listed,
    );
    row.destinations.clear();
    row.stands_for = stands_for;
    row
}

fn push(row: Row, rows: &mut Vec<Row>) {
    // A section without entries still stands for its tag: everything is missing in it.
    if !row.destinations.is_empty() || row.stands_for.is_some() {
        rows.push(row);
    }
}

fn set(rows: Vec<Row>) -> RuleSet {
    RuleSet {
        kind: RuleSetKind::List,
        name: Safe::new("list"),
        id: None,
        priority: None,
        rows,
        registry: RegistryFacts::default(),
        flaws: Vec::new(),
    }
}
