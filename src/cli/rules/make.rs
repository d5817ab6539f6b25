//! `tagscope rules make`.

mod folder;

use std::io::{self, Write};
use std::path::Path;

use crate::cli::args::MakeArgs;
use crate::cli::console::{Console, note, say};
use crate::cli::rules::select::{refuse, select};
use crate::cli::{Context, Exit, Failure};
use crate::query::rules::make::{
    Drift, DriftChange, Kinds, Made, Target, check, make, with_variables,
};
use crate::report::Format;
use crate::rules::MAX_RULES;
use crate::source::{WriteFileError, write_file};
use crate::store::{Input, ReadError, read_bounded};
use crate::text::Safe;

pub fn run(args: &MakeArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let format = context.form.format;
    let Some(target) = args.kind else {
        if args.selects() || args.check.is_some() || args.output.is_some() {
            let text = "which kind? tagscope rules make lists them: rules make KIND --tag TAG";
            return Err(Failure::said(text.to_owned()));
        }
        return kinds(format, console);
    };
    if context.form.is_given && args.check.is_none() {
        let text = "rules make writes what its KIND says and takes no --format, but with --check";
        return Err(Failure::said(text.to_owned()));
    }
    let options = args
        .options()
        .map_err(|port| Failure::said(format!("\"{port}\" is no port, range of ports or *")))?;
    if let (true, Some(folder)) = (args.all, &args.output) {
        return folder::write(target, args, &options, folder, context);
    }
    refuse(args)?;
    let (selected, dataset) = select(args, target, &options, context)?;
    let selection = match selected {
        Ok(selection) => selection.with_subnets(&args.subnets),
        Err(refusal) => {
            say(&format!("tagscope: {refusal}"));
            return Ok(Exit::No.or(context.check_age(&dataset)));
        }
    };
    let made = make(target, &selection, &options)?;
    for text in &made.notes {
        note(text);
    }
    if let Some(path) = &args.variables {
        declare(&made, path)?;
    }
    let exit = match (&args.check, &args.output) {
        (Some(path), _) => compare(target, &made, path, format, console)?,
        (None, Some(path)) => write(&made, path, args.force)?,
        (None, None) => {
            console.out().write_all(made.text.as_bytes())?;
            Exit::Done
        }
    };
    Ok(exit.or(context.check_age(&dataset)))
}

fn kinds(format: Format, console: &mut Console) -> Result<Exit, Failure> {
    let kinds = Kinds::default();
    match format {
        Format::Json | Format::Jsonl => console.records(&kinds.record(), format)?,
        _ => console.sheet(&kinds, format, true)?,
    }
    Ok(Exit::Done)
}

fn write(made: &Made, path: &Path, is_forced: bool) -> Result<Exit, Failure> {
    match write_file(path, made.text.as_bytes(), is_forced) {
        Ok(shown) => {
            let lines = made.text.lines().count();
            note(&format!("wrote {shown}, {lines} lines"));
            Ok(Exit::Done)
        }
        Err(error @ WriteFileError::Exists { .. }) => Err(Failure::said(format!(
            "{error}; --force writes over it, --check compares it"
        ))),
        Err(error) => Err(error.into()),
    }
}

/// Adds to a file of variables those that it does not declare.
fn declare(made: &Made, path: &Path) -> Result<(), Failure> {
    let old = match read_bounded(&Input::new(path), MAX_RULES) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| {
            let shown = Safe::new(&path.to_string_lossy());
            Failure::said(format!("{shown} is not UTF-8 text"))
        })?,
        Err(ReadError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            String::new()
        }
        Err(error) => return Err(error.into()),
    };
    let new = with_variables(&old, &made.variables);
    if new != old {
        let shown = write_file(path, new.as_bytes(), true)?;
        note(&format!("declared variables in {shown}"));
    }
    Ok(())
}

fn compare(
    target: Target,
    made: &Made,
    path: &Path,
    format: Format,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let input = Input::new(path);
    let bytes = read_bounded(&input, MAX_RULES)?;
    let shown = input.shown();
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Err(Failure::said(format!(
            "{shown} was not made by tagscope: it is not text"
        )));
    };
    let drift = check(target, made, text);
    if let Format::Json | Format::Jsonl = format {
        console.json(&drift.record(&shown), format)?;
    }
    let is_text = !matches!(format, Format::Json | Format::Jsonl);
    match drift {
        Drift::InSync => {
            if is_text {
                console.line(&format!("{shown} is in sync"))?;
            }
            Ok(Exit::Done)
        }
        Drift::Drifted(changes) => {
            if is_text {
                console.line(&format!("{shown} has drifted: {}", summary(&changes)))?;
                for change in &changes {
                    console.line(&change.line())?;
                }
            }
            Ok(Exit::No)
        }
        Drift::Foreign(why) if is_text => Err(Failure::said(format!(
            "{shown} was not made by tagscope: {why}"
        ))),
        Drift::Foreign(_) => Ok(Exit::Failed),
    }
}

/// How much is to be added and how much goes.
fn summary(changes: &[DriftChange]) -> String {
    let count =
        |holds: fn(&DriftChange) -> bool| changes.iter().filter(|change| holds(change)).count();
    let parts = [
        (
            count(|it| matches!(it, DriftChange::Missing(_))),
            "prefixes to add",
        ),
        (
            count(|it| matches!(it, DriftChange::Stale(_))),
            "prefixes that go",
        ),
        (
            count(|it| matches!(it, DriftChange::MissingLine(_))),
            "lines to add",
        ),
        (
            count(|it| matches!(it, DriftChange::ForeignLine(_))),
            "lines that go",
        ),
        (
            count(|it| matches!(it, DriftChange::Order)),
            "change of order",
        ),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, what)| match count {
            1 => format!(
                "1 {}",
                what.replacen("prefixes", "prefix", 1)
                    .replacen("lines", "line", 1)
                    .replacen("that go", "that goes", 1)
            ),
            _ => format!("{count} {what}"),
        })
        .collect();
    parts.join(", ")
}
