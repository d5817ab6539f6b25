//! `tagscope rules check`.

use crate::azure::Facts;
use crate::cli::args::CheckRulesArgs;
use crate::cli::console::{Console, say};
use crate::cli::rules::{GoodFiles, read_good};
use crate::cli::{Context, Exit, Failure};
use crate::query::endpoints::Level;
use crate::query::rules::check::{
    CheckAnswer, CheckTable, Checks, OtherWeeks, ask_with_other_weeks, find, has_unknown_tags,
    nearest, other_weeks,
};
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::report::{Format, write_check, write_findings_markdown};
use crate::source::stored_history;

pub fn run(
    args: &CheckRulesArgs,
    context: &Context,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let format = context.form.format;
    if let Some(id) = &args.explain {
        return explain(id, format, console);
    }
    let GoodFiles { files, exit, .. } = read_good(&args.files, context)?;
    let dataset = context.dataset()?;
    let resolver = AddressResolver::new(&dataset, &files);
    let other_weeks = if has_unknown_tags(&files, &resolver) {
        look_in_other_weeks(&files, &resolver, context)
    } else {
        OtherWeeks::default()
    };
    let answer = ask_with_other_weeks(&files, &resolver, &Facts::embedded(), &other_weeks);
    let level = args.level();
    let table = CheckTable::new(&answer, level);
    match format {
        Format::Json | Format::Jsonl => console.records(&answer.record(level), format)?,
        Format::Markdown => write_findings_markdown(&answer, level, console.out())?,
        Format::Text if console.is_terminal() => console.findings(&answer, level)?,
        Format::Text | Format::Csv => console.sheet(&table, format, true)?,
    }
    say_hidden(&answer, level);
    let found = if table.findings().is_empty() {
        Exit::Done
    } else {
        Exit::No
    };
    Ok(exit.or(found).or(context.check_age(&dataset)))
}

/// Where unknown tags are in other weeks at hand; without such weeks nothing is said of it.
fn look_in_other_weeks(
    files: &[LoadedFile],
    resolver: &AddressResolver<'_>,
    context: &Context,
) -> OtherWeeks {
    let request = context.request.newest_of(Some(resolver.dataset().cloud()));
    let history = stored_history(&request).ok();
    let found = history.and_then(|history| other_weeks(files, resolver, &history.chronicle).ok());
    found.unwrap_or_default()
}

/// Says how much is not listed, and how to see it.
fn say_hidden(answer: &CheckAnswer, level: Level) {
    let listed = answer.from_level(level).count();
    let hidden = answer.findings.len().saturating_sub(listed);
    if hidden > 0 {
        say(&format!(
            "tagscope: {hidden} below --level {}: --level info",
            level.word()
        ));
    }
}

fn explain(id: &str, format: Format, console: &mut Console) -> Result<Exit, Failure> {
    let checks = if id.is_empty() {
        Checks::all()
    } else {
        Checks::one(find(id).ok_or_else(|| unknown(id))?)
    };
    match format {
        Format::Json | Format::Jsonl => console.records(&checks.record(), format)?,
        Format::Text if !id.is_empty() => {
            let width = console.width();
            for check in checks.list() {
                write_check(check, width, console.out())?;
            }
        }
        // Reasons and fixes of all of them would be a book.
        Format::Text if console.is_terminal() => console.columns(&checks, &[3, 4, 5, 6, 7])?,
        _ => console.sheet(&checks, format, true)?,
    }
    Ok(Exit::Done)
}

fn unknown(id: &str) -> Failure {
    let near = nearest(id);
    let hint = if near.is_empty() {
        "--explain alone lists them".to_owned()
    } else {
        format!("near: {}", near.join(", "))
    };
    Failure::said(format!("no check has the id \"{id}\"; {hint}"))
}
