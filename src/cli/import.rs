//! `tagscope import`: publications from files into the archive.

use std::path::Path;

use jiff::civil::Date;

use crate::cli::args::ImportArgs;
use crate::cli::console::{Console, say, waiting};
use crate::cli::{Context, Exit, Failure};
use crate::query::weeks::{Receipt, Receipts};
use crate::report::Format;
use crate::source::{Importer, Request, WeekChoice};
use crate::store::publications;
use crate::text::Safe;

pub fn run(args: &ImportArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if context.request.file.is_some() || context.request.week != WeekChoice::Latest {
        let text = "import takes its files as arguments, without --file and --week";
        return Err(Failure::said(text.to_owned()));
    }
    context.check_stdin(&args.files)?;
    let files = publications(&args.files)?;
    if args.date.is_some() && files.len() > 1 {
        let text = "--date is the date of one file; name one file with it";
        return Err(Failure::said(text.to_owned()));
    }
    let mut importer = Importer::new(&Request {
        // A cloud of the settings says what to show, not what may be kept.
        cloud: context.named_cloud,
        ..context.request.clone()
    })?
    .forced(args.force);
    if let Some(note) = importer.note() {
        say(&format!("tagscope: {note}"));
    }
    let (mut kept, mut exit) = (Vec::new(), Exit::Done);
    for file in &files {
        match import(&mut importer, file, args.date) {
            Ok(week) => kept.push(week),
            Err(failure) => {
                say(&failure.sentence());
                exit = exit.or(Exit::Failed);
            }
        }
    }
    importer.finish();
    let answer = Receipts { weeks: kept };
    match context.form.format {
        format @ (Format::Json | Format::Jsonl) => console.records(&answer.record(), format)?,
        Format::Text | Format::Markdown if answer.weeks.is_empty() => {}
        format => console.sheet(&answer, format, true)?,
    }
    Ok(exit)
}

fn import(importer: &mut Importer, file: &Path, date: Option<Date>) -> Result<Receipt, Failure> {
    let kept = importer.import(file, date, &mut waiting)?;
    let flaws = kept.flaws;
    if flaws > 0 {
        let path = Safe::new(&file.to_string_lossy());
        say(&format!(
            "tagscope: warning: {path} has {flaws} problems; tagscope --file {path} info lists them"
        ));
    }
    Ok(kept)
}
