//! `tagscope explain`.

use std::io::{self, IsTerminal, Read};

use crate::cli::args::ExplainArgs;
use crate::cli::console::{Console, say};
use crate::cli::{Context, Exit, Failure};
use crate::query::Dataset;
use crate::query::explain::{Complaint, MAX_TEXT, NONE, PASTE, ask, recognise, recognise_each};
use crate::report::{Format, write_explained_markdown};
use crate::source::SourceError;
use crate::text::decode_lossy;

pub fn run(args: &ExplainArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let format = context.form.format;
    if format == Format::Csv {
        let text = "an explanation is no table: take --format text, markdown, json or jsonl";
        return Err(Failure::said(text.to_owned()));
    }
    let text = text(args, context)?;
    if text.trim().is_empty() {
        return Err(Failure::said(format!("nothing to explain: {PASTE}")));
    }
    // A line a failure is for programs, which count for themselves.
    let complaints = match format {
        Format::Jsonl => recognise_each(&text),
        _ => recognise(&text),
    };
    let dataset = dataset(&complaints, context)?;
    let answer = ask(&complaints, dataset.as_ref());
    let week = dataset.as_ref().map(Dataset::record);
    match format {
        Format::Json => console.json(&answer.record(week.as_ref()), format)?,
        Format::Jsonl => {
            for record in answer.records(week.as_ref(), context.form.is_slim) {
                console.json(&record, format)?;
            }
        }
        Format::Markdown => write_explained_markdown(&answer, console.out())?,
        Format::Text | Format::Csv => console.explained(&answer)?,
    }
    let found = if answer.complaints.is_empty() {
        say(&format!("tagscope: {NONE}; {PASTE}"));
        Exit::No
    } else {
        Exit::Done
    };
    let age = dataset.map_or(Exit::Done, |dataset| context.check_age(&dataset));
    Ok(found.or(age))
}

/// The arguments, else standard input.
fn text(args: &ExplainArgs, context: &Context) -> Result<String, Failure> {
    let reads_stdin = args.text.is_empty() || args.text == ["-"];
    if !reads_stdin {
        // Without quotes a shell makes words of it.
        return bounded(args.text.join(" "));
    }
    if args.text.is_empty() && io::stdin().is_terminal() {
        return Err(Failure::said(format!(
            "nothing to explain: {PASTE}, in quotes, or pipe it in"
        )));
    }
    context.expect_stdin("the text")?;
    let limit = u64::try_from(MAX_TEXT).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_TEXT {
        return Err(too_long());
    }
    Ok(decode_lossy(&bytes).into_owned())
}

fn bounded(text: String) -> Result<String, Failure> {
    if text.len() > MAX_TEXT {
        return Err(too_long());
    }
    Ok(text)
}

fn too_long() -> Failure {
    Failure::said(format!(
        "the text is longer than {} MiB; give the part around the failure",
        MAX_TEXT >> 20
    ))
}

/// The week of the registry's cloud, where no other was asked for. None at hand is said, since an
/// explanation needs it for the tags of an address only.
fn dataset(complaints: &[Complaint], context: &Context) -> Result<Option<Dataset>, Failure> {
    let mut request = context.request.clone();
    if context.named_cloud.is_none() && request.file.is_none() {
        let mut registries = complaints
            .iter()
            .filter_map(|found| found.registry.as_ref());
        let cloud = registries.find_map(|registry| registry.cloud);
        request.cloud = cloud.or(request.cloud);
    }
    match context.open(&request) {
        Ok(dataset) => Ok(Some(dataset)),
        Err(failure) => match failure.report.downcast_ref::<SourceError>() {
            Some(error) if error.is_no_cloud() => {
                say(&format!(
                    "tagscope: the tags of addresses are unknown: {error}"
                ));
                Ok(None)
            }
            _ => Err(failure),
        },
    }
}
