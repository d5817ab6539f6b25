//! `tagscope history`.

use crate::azure::DateKind;
use crate::cli::args::HistoryArgs;
use crate::cli::console::{Console, note, say};
use crate::cli::{Context, Exit, Failure, names};
use crate::query::history::{AddressHistory, AddressTable, HistoryAnswer, TagHistory, ask};
use crate::report::{Format, Md};
use crate::source::{WeekChoice, stored_history, until};

pub fn run(args: &HistoryArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if context.request.file.is_some() {
        let text = "history reads all available weeks; tagscope import FILE puts one among them";
        return Err(Failure::said(text.to_owned()));
    }
    let history = stored_history(&context.request)?;
    for note in &history.notes {
        say(&format!("tagscope: warning: {note}"));
    }
    let mut chronicle = history.chronicle;
    if context.request.week != WeekChoice::Latest
        && let Some(date) = context.dataset()?.info().date
    {
        chronicle = until(&chronicle, date)?;
    }
    let answer = ask(&args.subject, &chronicle)?;
    let format = context.form.format;
    let joined = match &answer {
        HistoryAnswer::Tag(history) => history.joined(),
        HistoryAnswer::Addresses(history) => history.joined(),
    };
    // The JSON documents have it themselves.
    if let Some(text) = joined.filter(|_| !matches!(format, Format::Json | Format::Jsonl)) {
        note(text);
    }
    let found = match &answer {
        HistoryAnswer::Tag(history) => tag(history, format, console)?,
        HistoryAnswer::Addresses(history) => addresses(history, format, console)?,
    };
    let newest = chronicle.entries().last();
    let date_is = newest.map_or(DateKind::Published, |entry| entry.date_is);
    let date = newest.and_then(|entry| entry.date);
    Ok(found.or(context.check_date(date, date_is)))
}

fn tag(history: &TagHistory, format: Format, console: &mut Console) -> Result<Exit, Failure> {
    names::say_all(history.note.clone());
    match format {
        Format::Json | Format::Jsonl => console.records(&history.record(), format)?,
        _ => {
            head(&history.headline(), format, console)?;
            console.sheet(&history.sheet(format != Format::Csv), format, true)?;
        }
    }
    Ok(Exit::Done)
}

fn addresses(
    history: &AddressHistory,
    format: Format,
    console: &mut Console,
) -> Result<Exit, Failure> {
    match format {
        Format::Json | Format::Jsonl => console.records(&history.record(), format)?,
        _ => {
            head(&history.headline(), format, console)?;
            for text in &history.notes {
                note(&format!("{}: {text}", history.query));
            }
            let sheet = history.sheet();
            if format == Format::Text && console.is_terminal() {
                if !history.tags.is_empty() {
                    console.columns(&sheet, AddressTable::HIDDEN)?;
                }
            } else {
                console.sheet(&sheet, format, true)?;
            }
        }
    }
    Ok(if history.tags.is_empty() {
        Exit::No
    } else {
        Exit::Done
    })
}

/// The sentence above a table; in a pipe the table stands alone.
fn head(text: &str, format: Format, console: &mut Console) -> Result<(), Failure> {
    match format {
        Format::Text if console.is_terminal() => console.heading(text),
        Format::Markdown => {
            let text = Md::mark("**") + Md::text(text) + "**";
            console.page().paragraph(&text)?;
            console.line("")
        }
        _ => Ok(()),
    }
}
