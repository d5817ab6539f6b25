//! A file against what would be made today. Where it is from is not compared: a newer week with the same
//! content is no drift.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::query::SCHEMA_VERSION;
use crate::query::rules::make::{Language, Made, Target, header};
use crate::space::Block;
use crate::text::Safe;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drift {
    /// As it would be made.
    InSync,
    /// Made by this program for this target, and no longer what would be made.
    Drifted(Vec<DriftChange>),
    /// Not of this program, or of another target.
    Foreign(String),
}

/// One difference; what is to be added comes before what goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DriftChange {
    /// A prefix that the file lacks.
    Missing(Block),
    /// A prefix that is no longer wanted.
    Stale(Block),
    /// A line that the file lacks.
    MissingLine(Safe),
    /// A line that is no longer made.
    ForeignLine(Safe),
    /// The same lines in another order.
    Order,
}

impl DriftChange {
    /// A line of a diff: `+` is to be added, `-` goes.
    #[must_use]
    pub fn line(&self) -> String {
        match self {
            Self::Missing(block) => format!("+ {block}"),
            Self::Stale(block) => format!("- {block}"),
            Self::MissingLine(line) => format!("+ {line}"),
            Self::ForeignLine(line) => format!("- {line}"),
            Self::Order => "the same lines stand in another order".to_owned(),
        }
    }
}

impl Drift {
    /// The word of the JSON document.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::InSync => "inSync",
            Self::Drifted(_) => "drifted",
            Self::Foreign(_) => "foreign",
        }
    }

    /// The answer for a file as its JSON document.
    #[must_use]
    pub fn record(&self, path: &Safe) -> DriftRecord {
        let changes = match self {
            Self::Drifted(changes) => changes.as_slice(),
            Self::InSync | Self::Foreign(_) => &[],
        };
        let mut record = DriftRecord {
            schema_version: SCHEMA_VERSION,
            path: path.to_string(),
            status: self.word(),
            missing: Vec::new(),
            stale: Vec::new(),
            missing_lines: Vec::new(),
            foreign_lines: Vec::new(),
            because: match self {
                Self::Foreign(why) => Some(why.clone()),
                _ => None,
            },
        };
        for change in changes {
            match change {
                DriftChange::Missing(block) => record.missing.push(block.to_string()),
                DriftChange::Stale(block) => record.stale.push(block.to_string()),
                DriftChange::MissingLine(line) => record.missing_lines.push(line.to_string()),
                DriftChange::ForeignLine(line) => record.foreign_lines.push(line.to_string()),
                DriftChange::Order => record.because = Some(change.line()),
            }
        }
        record
    }
}

/// The JSON document of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftRecord {
    schema_version: u32,
    path: String,
    status: &'static str,
    missing: Vec<String>,
    stale: Vec<String>,
    missing_lines: Vec<String>,
    foreign_lines: Vec<String>,
    because: Option<String>,
}

/// Compares a file with what was made for `target`.
#[must_use]
pub fn check(target: Target, made: &Made, file: &str) -> Drift {
    // Editors of Windows put a mark before the text.
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    match header::target_of(file) {
        // It has no place for its origin.
        None if target == Target::JsonList && is_json_list(file) => {}
        None if target == Target::JsonList => {
            return Drift::Foreign("it is no JSON array of CIDRs".to_owned());
        }
        None => {
            return Drift::Foreign("it does not say that tagscope made it".to_owned());
        }
        Some(found) if found == target.word() => {}
        Some(found) => {
            let found = Safe::new(found);
            return Drift::Foreign(format!("it was made as {found}, not as {}", target.word()));
        }
    }
    let (Some(wanted), Some(found)) = (body(target, &made.text), body(target, file)) else {
        return Drift::Foreign("it is not JSON any more".to_owned());
    };
    if wanted != found {
        return Drift::Drifted(changes(&wanted, &found));
    }
    // What separates lines is no difference of its own, but a file without it is broken.
    let (wanted, found) = (exact(target, &made.text), exact(target, file));
    if wanted == found {
        return Drift::InSync;
    }
    let lost = wanted.iter().zip(&found).find(|(one, other)| one != other);
    let line = match lost {
        Some((line, _)) => line.as_str(),
        None => "the end of the file",
    };
    Drift::Drifted(vec![DriftChange::MissingLine(Safe::new(line))])
}

fn is_json_list(text: &str) -> bool {
    let texts: Option<Vec<String>> = serde_json::from_str(text).ok();
    texts.is_some_and(|texts| texts.iter().all(|text| Block::parse(text).is_ok()))
}

/// The lines with what separates them; templates are compared as values.
fn exact(target: Target, text: &str) -> Vec<String> {
    match target {
        Target::Azure(Language::Arm, _) | Target::Edl | Target::JsonList => return Vec::new(),
        _ => {}
    }
    // Within a command an empty line ends it.
    let is_script = matches!(target, Target::Azure(Language::AzureCli, _));
    let mut is_continued = false;
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim) {
        let is_comment = line.starts_with('#') || line.starts_with("//");
        if !is_comment && (!line.is_empty() || (is_script && is_continued)) {
            lines.push(line.to_owned());
        }
        is_continued = line.ends_with('\\');
    }
    lines
}

/// The lines that count, without what only separates them.
fn body(target: Target, text: &str) -> Option<Vec<String>> {
    let plain = |line: &str| {
        let line = line.trim().trim_end_matches('\\').trim_end();
        line.trim_end_matches(',').to_owned()
    };
    let is_template = matches!(target, Target::Azure(Language::Arm, _));
    if is_template || target == Target::JsonList {
        let mut value: Value = serde_json::from_str(text).ok()?;
        let metadata = value.get_mut("metadata").and_then(Value::as_object_mut);
        if let Some(metadata) = metadata {
            metadata.remove(header::MEMBER);
        }
        let text = serde_json::to_string_pretty(&value).ok()?;
        return Some(text.lines().map(plain).collect());
    }
    let mut lines = Vec::new();
    let mut is_header = false;
    for line in text.lines() {
        let line = line.trim();
        let line = if target == Target::Edl {
            line.split_once(' ').map_or(line, |(entry, _)| entry)
        } else {
            line
        };
        let is_comment = line.starts_with('#') || line.starts_with("//");
        is_header = is_comment && (is_header || line.contains(header::MARK));
        if !is_header && !line.is_empty() {
            lines.push(plain(line));
        }
    }
    Some(lines)
}

fn changes(wanted: &[String], found: &[String]) -> Vec<DriftChange> {
    let [new, old] = [wanted, found].map(|lines| {
        let blocks = lines.iter().flat_map(|line| blocks_in(line));
        blocks.collect::<BTreeSet<Block>>()
    });
    let added: BTreeSet<Block> = new.difference(&old).copied().collect();
    let removed: BTreeSet<Block> = old.difference(&new).copied().collect();
    // A line that a changed prefix explains is not said again.
    let is_said = |line: &str| {
        let mut blocks = blocks_in(line);
        blocks.any(|block| added.contains(&block) || removed.contains(&block))
    };
    let only = |lines: &[String], others: &[String]| {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for line in others {
            *counts.entry(line).or_default() += 1;
        }
        let mut rest = Vec::new();
        for line in lines {
            match counts.get_mut(line.as_str()) {
                Some(count) if *count > 0 => *count -= 1,
                _ if is_said(line) => {}
                _ => rest.push(Safe::new(line)),
            }
        }
        rest
    };
    let lines = only(wanted, found)
        .into_iter()
        .map(DriftChange::MissingLine);
    let mut changes: Vec<DriftChange> = added.iter().copied().map(DriftChange::Missing).collect();
    changes.extend(lines);
    changes.extend(removed.iter().copied().map(DriftChange::Stale));
    changes.extend(
        only(found, wanted)
            .into_iter()
            .map(DriftChange::ForeignLine),
    );
    if changes.is_empty() {
        changes.push(DriftChange::Order);
    }
    changes
}

/// The prefixes and addresses in a line.
fn blocks_in(line: &str) -> impl Iterator<Item = Block> {
    let is_part = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '/');
    let words = line.split(move |c: char| !is_part(c));
    words.filter_map(|word| {
        if let Ok((block, _)) = Block::parse(word) {
            return Some(block);
        }
        let has_form = word.contains('.') || word.contains("::");
        word.parse().ok().filter(|_| has_form).map(Block::of)
    })
}
