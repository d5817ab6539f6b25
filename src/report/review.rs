//! A comparison of two weeks as a text for a ticket or a pull request.

use std::io::{self, Write};

use crate::azure::{Cloud, Numbers};
use crate::query::Dataset;
use crate::query::diff::{DiffAnswer, GroupOrder, Part, TagChange};
use crate::report::bounded::BoundedPage;
use crate::report::{MarkdownPage, Md};
use crate::text::{option, quote};

/// Rows of one tag; the command that shows all of them stands below.
const MOST_ROWS: usize = 200;

/// How the weeks are named on the command line that shows the rest.
#[derive(Debug, Clone, Copy)]
pub struct NamedWeeks<'a> {
    /// The older week: a date or a path.
    pub base: &'a str,
    /// The newer week.
    pub target: &'a str,
}

/// Writes heading, headline, a table of the tags by service, and the rows of every tag that says
/// something of its own; tags that only repeat others are named with those. `whole` is the answer
/// about every tag, with which the headline begins. What has no room in `limit` bytes is left out by sections.
///
/// # Errors
/// The writer's.
pub fn write_review(
    answer: &DiffAnswer,
    whole: &DiffAnswer,
    [base, target]: [&Dataset; 2],
    named: NamedWeeks<'_>,
    limit: Option<usize>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut pages = BoundedPage::new(out, limit);
    pages.section(|page| head(answer, whole, [base, target], named, page))?;
    if answer.tags.is_empty() {
        return pages.finish();
    }
    let order = GroupOrder::Name;
    pages.section(|page| page.sheet(&answer.folded(base, target, order)))?;
    for group in answer.groups(order) {
        let leading = group.tags.into_iter().filter(|tag| !tag.is_echo());
        for tag in leading.filter(|tag| tag.rows().next().is_some()) {
            pages.section(|page| section(answer, tag, [base, target], named, page))?;
        }
    }
    pages.finish()
}

fn head(
    answer: &DiffAnswer,
    whole: &DiffAnswer,
    [base, target]: [&Dataset; 2],
    named: NamedWeeks<'_>,
    page: &mut MarkdownPage<'_, impl Write>,
) -> io::Result<()> {
    let title = format!("{}: {} → {}", target.cloud(), week(base), week(target));
    page.heading(2, &Md::text(&title))?;
    let headline = answer.headline(whole, Part::Asked, [base, target]);
    page.paragraph(&(Md::text(&headline) + "."))?;
    if answer.is_filtered {
        let line = Md::code(&command(target, named));
        let asked = Md::text(&answer.asked.join(", "));
        page.paragraph(&(Md::mark("Only a part: ") + asked + "; " + line + " compares all."))?;
    }
    if [base, target]
        .map(Dataset::numbers)
        .contains(&Numbers::Derived)
    {
        page.paragraph(
            &(Md::mark(Numbers::Derived.mark())
                + " derived: counted on from the last published number by the weeks in which the \
                   rows changed."),
        )?;
    }
    Ok(())
}

fn section(
    answer: &DiffAnswer,
    tag: &TagChange,
    [base, target]: [&Dataset; 2],
    named: NamedWeeks<'_>,
    page: &mut MarkdownPage<'_, impl Write>,
) -> io::Result<()> {
    let numbers = tag.numbers_shown(base, target);
    page.heading(3, &Md::text(&format!("{} {numbers}", tag.name)))?;
    let note = tag.note();
    if !note.is_empty() {
        page.paragraph(&(Md::text(&note) + "."))?;
    }
    // Signs in the first column are what colours a block of this kind.
    let rows = tag.rows().take(MOST_ROWS).map(|row| {
        let size = row.prefix.count().short();
        // The wider tags are named once, below.
        let said = if row.is_echo {
            answer.explained(row)
        } else {
            answer.meaning(row)
        };
        let sign = row.sign.glyph();
        format!("{sign} {}  {size}  {said}", row.prefix)
    });
    page.code("diff", rows)?;
    let rest = (tag.added.len() + tag.removed.len()).saturating_sub(MOST_ROWS);
    if rest > 0 {
        let only = option("--tag", &tag.name);
        let command = format!("{} --rows {only}", command(target, named));
        page.paragraph(&(Md::text(&format!("and {rest} more: ")) + Md::code(&command)))?;
    }
    let mut echoes: Vec<&str> = Vec::new();
    for row in tag.rows() {
        for name in answer.echoes(row) {
            if !echoes.contains(&name) {
                echoes.push(name);
            }
        }
    }
    if !echoes.is_empty() {
        let rows = tag.rows().count();
        let all = tag
            .rows()
            .all(|row| answer.echoes(row).count() == echoes.len());
        let part = match (all, rows) {
            (true, 1) => "Also in",
            (true, _) => "All of it also in",
            (false, _) => "Partly also in",
        };
        page.paragraph(&(Md::mark(part) + " " + Md::text(&echoes.join(", ")) + "."))?;
    }
    Ok(())
}

/// The command line that compares both weeks.
fn command(target: &Dataset, named: NamedWeeks<'_>) -> String {
    let line = format!(
        "tagscope diff {} {}",
        quote(named.base),
        quote(named.target)
    );
    match target.cloud() {
        Cloud::Public => line,
        cloud => format!("{line} --cloud {}", cloud.flag()),
    }
}

fn week(dataset: &Dataset) -> String {
    let info = dataset.info();
    let date = info.date.map(|_| info.said());
    let number = info.change_number.map(|number| {
        let mark = info.numbers.mark();
        format!("number {number}{mark}")
    });
    match (date, number) {
        (Some(date), Some(number)) => format!("{date} ({number})"),
        (Some(text), None) | (None, Some(text)) => text,
        (None, None) => info.said(),
    }
}
