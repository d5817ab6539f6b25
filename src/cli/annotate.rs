//! `tagscope annotate`.

use std::io::Write;

use crate::azure::Specials;
use crate::cli::args::{AnnotateArgs, FormatName, PrivateChoice};
use crate::cli::console::Console;
use crate::cli::logs::{Broken, Logs, threads};
use crate::cli::{Context, Exit, Failure};
use crate::traffic::{
    Absent, Annotator, Chunks, Field, Labels, Next, Pieces, Sets, Template, in_order,
};

/// What tables have in place of nothing.
const NOTHING: &str = "-";

pub fn run(args: &AnnotateArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let template = Template::parse(&args.template)?;
    let is_only = args.only == FormatName::Matching;
    let is_plain = template == Template::plain();
    let template = match (is_only && is_plain, args.all_tags) {
        (true, true) => Template::columns(Field::Tags),
        (true, false) => Template::columns(Field::Tag),
        (false, true) => Template::with_all_tags(),
        (false, false) => template,
    };
    let logs = Logs::named(&args.log, context)?;
    let dataset = context.dataset()?;
    let sets = Sets::new(dataset.view(), &Specials::embedded());
    let absent = Absent {
        text: args.null.as_deref().unwrap_or(NOTHING),
        is_written: args.null.is_some() || is_only,
        skips_inside: args.private == PrivateChoice::Skip,
    };
    let annotator = Annotator {
        sets: &sets,
        labels: &Labels::new(&template, &sets, absent),
        family: args.log.family.only(),
        is_only,
    };
    let is_prompt = args.line_buffered || console.is_terminal();
    let pieces = if is_prompt {
        Pieces::Prompt
    } else {
        Pieces::Any
    };
    let exit = logs.each(|_, bytes| {
        in_order(
            Chunks::new(bytes, pieces),
            vec![(); threads(&args.log)],
            |(), chunk, out: &mut Vec<u8>| {
                out.clear();
                annotator.chunk(chunk, out);
            },
            |slot| -> Result<Next, Broken> {
                let out = console.out();
                let written = out.write_all(&slot.result);
                let flushed = if is_prompt { out.flush() } else { Ok(()) };
                written.and(flushed).map_err(Broken::Write)?;
                Ok(Next::More)
            },
        )
        .map(|_| ())
    })?;
    Ok(exit.or(context.check_age(&dataset)))
}
