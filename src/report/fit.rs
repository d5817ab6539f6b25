//! A cover by few CIDRs: for people, and for a ticket.

use std::io::{self, Write};

use crate::query::rules::fit::{Cover, FitAnswer, FitTable, OwnerTable, Owners, shown};
use crate::report::{MarkdownPage, Md, TableStyle, bold, write_table};
use crate::text::{clean, counted, pad, wrap};

/// Tags that have extra addresses.
const MOST_OWNERS: usize = 10;
/// Sentences are wrapped at this width at most, and not below that.
const WIDEST: usize = 100;
const LEAST: usize = 20;
/// Columns of the longest bar.
const BAR: f64 = 30.0;

/// Writes the CIDRs, whose the extra addresses are, what other limits cost, and the sum of it.
///
/// # Errors
/// The writer's.
pub fn write_fit(
    answer: &FitAnswer,
    cover: &Cover,
    owners: &Owners,
    style: TableStyle,
    out: &mut impl Write,
) -> io::Result<()> {
    let (on, off) = bold(style.has_color);
    let width = style.width.unwrap_or(usize::MAX).min(WIDEST);
    for line in wrap(&answer.headline(cover), width.max(LEAST)) {
        writeln!(out, "{on}{}{off}", clean(&line))?;
    }
    for sentence in cover.sentences() {
        let room = width.saturating_sub(4).max(LEAST);
        for (place, line) in wrap(&sentence, room).iter().enumerate() {
            let start = if place == 0 { "  " } else { "    " };
            writeln!(out, "{start}{}", clean(line))?;
        }
    }
    writeln!(out)?;
    write_table(&FitTable(cover), style, out)?;
    if cover.extra.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let table = OwnerTable::new(owners, cover, MOST_OWNERS);
    write_table(&table, style, out)?;
    if let Some(rest) = rest(&table) {
        writeln!(out, "{rest}")?;
    }
    writeln!(out, "\n{on}{CURVE}{off}")?;
    for line in curve(answer, cover) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Above the bars.
const CURVE: &str = "What other limits cost (longer bars: more extra addresses, by the logarithm)";

/// Says how many tags have no row.
fn rest(table: &OwnerTable<'_>) -> Option<String> {
    let hidden = table.hidden();
    (hidden > 0).then(|| format!("and {} more", counted(hidden, "tag", "tags")))
}

/// A line a bar; the cover's own is marked.
fn curve(answer: &FitAnswer, cover: &Cover) -> Vec<String> {
    let bars = answer.bars(cover.limit);
    let lines = bars.iter().map(|bar| {
        let mark = if bar.is_limit { '>' } else { ' ' };
        let (cidrs, share) = (bar.point.cidrs.to_string(), shown(bar.point.share));
        let length = columns(bar.length, !bar.point.share.is_none());
        let line = format!(
            "{mark} {}  {}  {}",
            pad(&cidrs, 7, true),
            pad(&share, 15, true),
            "█".repeat(length)
        );
        line.trim_end().to_owned()
    });
    lines.collect()
}

/// Columns of a bar; what costs anything has one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0 to 30"
)]
fn columns(length: f64, costs: bool) -> usize {
    let columns = (length.clamp(0.0, 1.0) * BAR).round() as usize;
    columns.max(usize::from(costs))
}

/// Writes the same for a ticket.
///
/// # Errors
/// The writer's.
pub fn write_fit_markdown(
    answer: &FitAnswer,
    cover: &Cover,
    owners: &Owners,
    week: &str,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut page = MarkdownPage::new(out);
    page.heading(2, &Md::text(&answer.headline(cover)))?;
    for line in cover.sentences() {
        page.item(&Md::text(&line))?;
    }
    page.item(&(Md::mark("week: ") + Md::text(week)))?;
    if !cover.extra.is_empty() {
        let table = OwnerTable::new(owners, cover, MOST_OWNERS);
        page.sheet(&table)?;
        if let Some(rest) = rest(&table) {
            page.paragraph(&Md::text(&rest))?;
        }
        page.paragraph(&(Md::mark(CURVE) + ":"))?;
        page.code("", curve(answer, cover))?;
    }
    if cover.changes.is_some() {
        return page.sheet(&FitTable(cover));
    }
    page.code("", cover.cidrs.iter().map(|cidr| cidr.block.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_no_longer_than_the_longest_and_never_nothing_for_something() {
        assert_eq!(columns(1.0, true), 30);
        assert_eq!(columns(0.001, true), 1);
        assert_eq!(columns(0.0, false), 0);
        assert_eq!(columns(f64::NAN, true), 1);
    }
}
