//! What a publication does to rules: a text for a ticket, and the changes as a script.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::query::Dataset;
use crate::query::rules::LoadedFile;
use crate::query::rules::impact::{ImpactAnswer, ImpactTable, Patch, RowImpact, SetImpact};
use crate::report::bounded::BoundedPage;
use crate::report::{MarkdownPage, Md};
use crate::rules::RuleSetKind;
use crate::text::{clean, quote};

/// Prefixes of one row; the patch has all of them.
const MOST_ROWS: usize = 200;

/// What was in the files that were asked about, in their order.
pub type Texts<'a> = &'a [Option<&'a str>];

/// Writes heading, sentence, a table, the prefixes that have no room in it and the patch; by sections what
/// has room in `limit` bytes.
///
/// # Errors
/// The writer's.
pub fn write_impact(
    answer: &ImpactAnswer,
    files: &[LoadedFile],
    [base, target]: [&Dataset; 2],
    has_all: bool,
    limit: Option<usize>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut pages = BoundedPage::new(out, limit);
    let title = format!(
        "Rules: {} {} → {}",
        target.cloud(),
        date(base),
        date(target)
    );
    pages.section(|page| {
        page.heading(2, &Md::text(&title))?;
        page.paragraph(&(Md::text(&answer.sentence()) + "."))
    })?;
    let table = answer.short_table(has_all);
    if crate::query::Sheet::is_empty(&table) {
        return pages.finish();
    }
    pages.section(|page| page.sheet(&table))?;
    for (set, row) in answer.rows().filter(|(_, row)| is_long(row)) {
        pages.section(|page| section(set, row, page))?;
    }
    for set in &answer.sets {
        if let Some(patch) = set.patch(files) {
            pages.section(|page| of_patch(set, &patch, page))?;
        }
    }
    pages.finish()
}

fn of_patch(
    set: &SetImpact,
    patch: &Patch,
    page: &mut MarkdownPage<'_, impl Write>,
) -> io::Result<()> {
    let (file, name) = (Md::text(set.path.as_str()), Md::text(set.name.as_str()));
    page.heading(3, &(Md::mark("Patch of ") + file + ", " + name))?;
    for note in &patch.notes {
        page.item(&Md::text(note))?;
    }
    for (kind, lines) in [("sh", &patch.commands), ("diff", &patch.lines)] {
        if !lines.is_empty() {
            page.code(kind, lines)?;
        }
    }
    Ok(())
}

/// Whether the table does not name all prefixes of a row.
fn is_long(row: &RowImpact) -> bool {
    let moved = row.moved.iter().map(|moved| moved.prefixes.len());
    let mut counts = moved.chain([row.missing.len(), row.stale.len()]);
    row.status.is_affected() && counts.any(|count| count > ImpactTable::SHORT)
}

fn section(
    set: &SetImpact,
    row: &RowImpact,
    page: &mut MarkdownPage<'_, impl Write>,
) -> io::Result<()> {
    let (name, of, status) = (row.name.as_str(), set.name.as_str(), row.status.words());
    page.heading(3, &Md::text(&format!("{name} ({of}): {status}")))?;
    let why = row.why();
    if !why.is_empty() {
        page.paragraph(&(Md::text(&why) + "."))?;
    }
    let moved = row
        .moved
        .iter()
        .flat_map(|moved| moved.prefixes.iter().map(move |block| (block, &moved.tag)));
    let moved = moved.map(|(block, tag)| format!("- {block}  in {tag} now"));
    let stale = row
        .stale
        .iter()
        .map(|block| format!("- {block}  in no tag any more"));
    let missing = row.missing.iter().map(|block| format!("+ {block}"));
    let lines: Vec<String> = stale.chain(moved).chain(missing).collect();
    if lines.is_empty() {
        return Ok(());
    }
    page.code("diff", lines.iter().take(MOST_ROWS))?;
    let rest = lines.len().saturating_sub(MOST_ROWS);
    if rest > 0 {
        page.paragraph(&Md::text(&format!(
            "and {rest} more: the patch has all of them"
        )))?;
    }
    Ok(())
}

/// A list as it stands, but for what would act on a terminal.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| matches!(c, '\n' | '\r' | '\t');
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Cow::Owned(_) = clean(&text.replace(is_plain, "")) else {
        return Cow::Borrowed(text);
    };
    let pieces = text.split_inclusive(is_plain).map(|piece| {
        let body = piece.trim_end_matches(is_plain);
        let end = piece.get(body.len()..).unwrap_or_default();
        format!("{}{end}", clean(body))
    });
    Cow::Owned(pieces.collect())
}

/// Writes the changes: of a single plain list the new list, else a script of commands in which
/// plain lists are written anew.
///
/// # Errors
/// The writer's.
pub fn write_patch(
    answer: &ImpactAnswer,
    files: &[LoadedFile],
    texts: Texts<'_>,
    [base, target]: [&Dataset; 2],
    out: &mut impl Write,
) -> io::Result<()> {
    let text_of = |set: &SetImpact| texts.get(set.place.0).copied().flatten();
    if let [set] = answer.sets.as_slice()
        && set.kind == RuleSetKind::List
        && let Some(text) = text_of(set)
    {
        let new = set.patched(files, text);
        return out.write_all(harmless(new.as_deref().unwrap_or(text)).as_bytes());
    }
    writeln!(
        out,
        "# {} → {}: {}",
        date(base),
        date(target),
        answer.sentence()
    )?;
    for set in &answer.sets {
        let Some(patch) = set.patch(files) else {
            continue;
        };
        writeln!(out, "\n# {}, {}: {}", set.path, set.kind.title(), set.name)?;
        for note in &patch.notes {
            writeln!(out, "# {}", clean(note))?;
        }
        for command in &patch.commands {
            writeln!(out, "{}", clean(command))?;
        }
        if patch.lines.is_empty() {
            continue;
        }
        let new = text_of(set).and_then(|text| set.patched(files, text));
        match new.filter(|new| !new.chars().any(is_raw)) {
            Some(new) => write_list(set.path.as_str(), &new, out)?,
            None => {
                for line in &patch.lines {
                    writeln!(out, "# {}", clean(line))?;
                }
            }
        }
    }
    Ok(())
}

/// A list as a here-document that no line of it can end.
fn write_list(path: &str, text: &str, out: &mut impl Write) -> io::Result<()> {
    let mut end = "END_OF_LIST".to_owned();
    while text.lines().any(|line| line == end) {
        end.push('_');
    }
    writeln!(out, "cat > {} <<'{end}'", quote(path))?;
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        writeln!(out)?;
    }
    writeln!(out, "{end}")
}

/// What a terminal could misread: such a list is not written into a script.
fn is_raw(c: char) -> bool {
    !matches!(c, '\n' | '\t') && crate::text::is_hazard(c)
}

fn date(week: &Dataset) -> String {
    week.info().said()
}
