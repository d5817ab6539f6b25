//! `tagscope annotate`.

use std::io::Write;

use crate::azure::Specials;
use crate::cli::args::{AnnotateArgs, FormatName, PrivateChoice};
use crate::cli::console::{Console, say};
use crate::cli::logs::{Broken, Logs};
use crate::cli::{Context, Exit, Failure};
use crate::source::log_threads;
use crate::traffic::log::Roles;
use crate::traffic::{
    Absent, Annotator, Beside, Chunk, Chunks, Field, JsonKeys, Labels, MAX_LINE, Next, Pick,
    Pieces, Sets, Template, annotate_json, annotate_table, in_order,
};

/// What tables have in place of nothing.
const NOTHING: &str = "-";

pub fn run(args: &AnnotateArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let template = Template::parse(&args.template)?;
    let is_only = args.only == FormatName::Matching;
    let is_plain = template == Template::plain();
    let field = if args.all_tags {
        Field::Tags
    } else {
        Field::Tag
    };
    let is_beside = args.csv || args.tsv || args.ndjson;
    let template = match (is_only && is_plain, args.all_tags) {
        _ if is_beside => Template::only(field),
        (true, _) => Template::columns(field),
        (false, true) => Template::with_all_tags(),
        (false, false) => template,
    };
    let pick = pick(args)?;
    let logs = Logs::named(&args.log.files, context)?.ending_whole()?;
    let dataset = context.dataset()?;
    let sets = Sets::new(dataset.view(), &Specials::embedded()).beside(dataset.others());
    let absent = Absent {
        text: args.null.as_deref().unwrap_or(NOTHING),
        is_written: args.null.is_some() || is_only || is_beside,
        skips_inside: args.private == PrivateChoice::Skip,
    };
    let labels = Labels::new(&template, &sets, absent);
    let annotator = Annotator {
        sets: &sets,
        labels: &labels,
        family: args.log.family.only(),
        is_only,
        pick,
    };
    let beside = Beside {
        sets: &sets,
        labels: &labels,
        family: args.log.family.only(),
        nothing: absent.text,
    };
    let keys = match &args.key {
        Some(path) => JsonKeys::Path(path.split('.').map(str::to_owned).collect()),
        None => JsonKeys::Known(Roles::default()),
    };
    let mut has_long = false;
    let is_prompt = args.line_buffered || console.is_terminal();
    let shows_progress = !console.is_terminal();
    let exit = logs.each(shows_progress, |name, bytes| {
        let out = console.out();
        let mut write = |text: &[u8]| {
            let written = out.write_all(text);
            let flushed = if is_prompt { out.flush() } else { Ok(()) };
            written.and(flushed).map_err(Broken::Write)
        };
        if args.csv || args.tsv {
            let plain = if args.csv { b',' } else { b'\t' };
            let delimiter = args.delimiter.unwrap_or(plain);
            let roles = Roles::new(args.field.as_deref().filter(|_| pick.is_none()));
            return annotate_table(bytes, delimiter, (&roles, pick), &beside, write);
        }
        let work = |(): &mut (), chunk: &Chunk, out: &mut Vec<u8>| {
            out.clear();
            if args.ndjson {
                annotate_json(chunk, &keys, &beside, out);
            } else {
                annotator.chunk(chunk, out);
            }
        };
        let mut is_long = false;
        let read = in_order(
            Chunks::new(bytes, pieces(args, is_prompt)),
            vec![(); log_threads(args.log.jobs)],
            work,
            |slot| {
                is_long |= slot.chunk.is_open;
                write(&slot.result)?;
                Ok::<Next, Broken>(Next::More)
            },
        );
        if is_long && (args.ndjson || pick.is_some()) {
            let longest = MAX_LINE >> 20;
            say(&format!(
                "tagscope: {name}: a line is longer than {longest} MiB, and stays as it was"
            ));
            has_long = true;
        }
        read.map(|_| ())
    })?;
    let long = if has_long { Exit::Failed } else { Exit::Done };
    Ok(exit.or(long).or(context.check_age(&dataset)))
}

/// Where a log may be cut.
const fn pieces(args: &AnnotateArgs, is_prompt: bool) -> Pieces {
    match (args.ndjson || args.field.is_some(), is_prompt) {
        (true, true) => Pieces::PromptLines,
        (true, false) => Pieces::Lines,
        (false, true) => Pieces::Prompt,
        (false, false) => Pieces::Any,
    }
}

/// The field of a line by its number.
fn pick(args: &AnnotateArgs) -> Result<Option<Pick>, Failure> {
    let Some(field) = &args.field else {
        return Ok(None);
    };
    match field
        .parse::<usize>()
        .ok()
        .map(|number| number.checked_sub(1))
    {
        Some(Some(place)) => Ok(Some(Pick {
            place,
            delimiter: args.delimiter,
        })),
        Some(None) => Err(Failure::said("fields are numbered from 1".to_owned())),
        None if args.csv || args.tsv => Ok(None),
        None => Err(Failure::said(
            "a field of a line is named by its number; names are for --csv and --tsv".to_owned(),
        )),
    }
}
