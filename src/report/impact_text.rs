//! What a publication does to rules, for people at a terminal: by file and set, each row with what
//! it lacks, what it has too many, and why.

use std::io::{self, Write};

use crate::query::rules::impact::{ImpactAnswer, ImpactStatus, RowImpact, SetImpact};
use crate::report::bold;
use crate::report::findings::hanging;
use crate::space::Block;
use crate::text::{first_of, pad, width};

/// Prefixes of one kind that are named; the patch has all of them.
const MOST: usize = 12;

/// Writes the rows to which something happens, or all; sentences are wrapped to `columns`.
///
/// # Errors
/// The writer's.
pub fn write_impact_text(
    answer: &ImpactAnswer,
    has_all: bool,
    columns: Option<usize>,
    has_color: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let (on, off) = bold(has_color);
    let is_shown = |row: &RowImpact| has_all || row.status != ImpactStatus::Unaffected;
    let mut before = None;
    for (set, row) in answer.rows().filter(|(_, row)| is_shown(row)) {
        if before != Some(set.place) {
            if before.is_some() {
                writeln!(out)?;
            }
            writeln!(out, "{on}{}{off}", head(set))?;
            before = Some(set.place);
        }
        let mark = if row.status.is_affected() { "!" } else { "·" };
        let name = row.name.as_str();
        let status = row.status.words();
        let first = format!("  {mark} {} ", pad(status, 10, false));
        let indent = " ".repeat(width(&first));
        let why = row.why();
        let text = if why.is_empty() {
            name.to_owned()
        } else {
            format!("{name}: {why}")
        };
        hanging(&first, &text, columns, out)?;
        for (sign, text) in changes(row) {
            hanging(&format!("{indent}{sign} "), &text, columns, out)?;
        }
    }
    Ok(())
}

fn head(set: &SetImpact) -> String {
    if set.name.as_str().is_empty() {
        return set.path.to_string();
    }
    format!("{} · {}", set.path, set.name)
}

/// What to add, what to take out, and where that is now.
fn changes(row: &RowImpact) -> Vec<(&'static str, String)> {
    let mut texts = Vec::new();
    if !row.missing.is_empty() {
        texts.push(("+", named(&row.missing)));
    }
    if !row.stale.is_empty() {
        texts.push(("−", format!("{}, in no tag any more", named(&row.stale))));
    }
    for moved in &row.moved {
        texts.push((
            "−",
            format!("{}, now in {}", named(&moved.prefixes), moved.tag),
        ));
    }
    texts
}

fn named(blocks: &[Block]) -> String {
    first_of(blocks, MOST, " ")
}
