//! Findings about rules: for people, for a ticket; and what a check is about.

use std::io::{self, Write};

use crate::query::Align;
use crate::query::endpoints::Level;
use crate::query::rules::check::{Check, CheckAnswer, Finding};
use crate::report::{MarkdownPage, Md, bold};
use crate::text::{clean, counted, pad, wrap};

/// Text is wrapped at this width at most: longer lines are hard to read.
const WIDEST: usize = 100;

/// Writes the findings of a level or worse by file and set; sentences are wrapped to `width`.
///
/// # Errors
/// The writer's.
pub fn write_findings(
    answer: &CheckAnswer,
    level: Level,
    width: Option<usize>,
    has_color: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let (on, off) = bold(has_color);
    let mut before = None;
    for finding in answer.from_level(level) {
        let at = (finding.position.file, finding.position.set);
        if before != Some(at) {
            if before.is_some() {
                writeln!(out)?;
            }
            writeln!(out, "{on}{}{off}", head(finding))?;
            before = Some(at);
        }
        let id = pad(finding.check.id, 12, false);
        let mark = finding.level().mark();
        let row = finding.row.as_ref();
        let row = row.map_or_else(String::new, |row| format!("{row}: "));
        let text = format!("{row}{}", finding.sentence());
        hanging(&format!("  {mark} {id} "), &text, width, out)?;
        hanging(
            &format!("    {} ", pad("", 12, false)),
            &finding.fix,
            width,
            out,
        )?;
    }
    if before.is_some() {
        writeln!(out)?;
    }
    writeln!(out, "{}", counts(answer))
}

/// The file, and the set in it.
fn head(finding: &Finding) -> String {
    let set = finding.set.as_str();
    if finding.position.set.is_none() || set.is_empty() {
        return finding.file.to_string();
    }
    format!("{} · {set}", finding.file)
}

/// How many findings of each level there are, those that are not listed too.
fn counts(answer: &CheckAnswer) -> String {
    let count = |level: Level, one: &str, many: &str| counted(answer.count(level), one, many);
    format!(
        "{}, {}, {}",
        count(Level::Error, "error", "errors"),
        count(Level::Warning, "warning", "warnings"),
        count(Level::Info, "note", "notes")
    )
}

/// A text behind a head, its further lines below the text.
pub(super) fn hanging(
    head: &str,
    text: &str,
    width: Option<usize>,
    out: &mut impl Write,
) -> io::Result<()> {
    let Some(width) = width else {
        return writeln!(out, "{head}{}", clean(text));
    };
    let indent = " ".repeat(crate::text::width(head));
    let room = width.min(WIDEST).saturating_sub(indent.len()).max(20);
    for (place, line) in wrap(text, room).into_iter().enumerate() {
        let start = if place == 0 { head } else { &indent };
        writeln!(out, "{start}{}", clean(&line))?;
    }
    Ok(())
}

/// Writes the findings of a level or worse as a table for a ticket, and where tags were looked up.
///
/// # Errors
/// The writer's.
pub fn write_findings_markdown(
    answer: &CheckAnswer,
    level: Level,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut page = MarkdownPage::new(out);
    let heads = ["level", "id", "where", "finding", "fix"].into_iter();
    page.head(heads.map(|head| (Md::mark(head), Align::Left)))?;
    for finding in answer.from_level(level) {
        let mut place = head(finding);
        if let Some(row) = &finding.row {
            place = format!("{place} · {row}");
        }
        let cells = [
            finding.level().word(),
            finding.check.id,
            &place,
            &finding.sentence(),
            &finding.fix,
        ];
        page.row(cells.into_iter().map(Md::text))?;
    }
    let week = &answer.week;
    let date = match week.date {
        Some(_) => week.said(),
        None => "without a date".to_owned(),
    };
    let summary = format!(
        "{}. Service tags of {} {date}. What an id means: ",
        counts(answer),
        week.cloud
    );
    page.paragraph(&(Md::text(&summary) + Md::code("tagscope rules check --explain ID")))
}

/// Writes what a check is about.
///
/// # Errors
/// The writer's.
pub fn write_check(check: &Check, width: Option<usize>, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{} ({}): {}",
        check.id,
        check.level.word(),
        check.title
    )?;
    let also = check.also.join(", ");
    let facts = [
        ("why", check.why),
        ("fix", check.fix),
        ("also", &also),
        ("source", check.source),
        ("certainty", check.certainty.word()),
    ];
    for (name, text) in facts.into_iter().filter(|(_, text)| !text.is_empty()) {
        hanging(&format!("  {} ", pad(name, 9, false)), text, width, out)?;
    }
    Ok(())
}
