//! `tagscope regions`.

use crate::azure::Facts;
use crate::cli::args::FormatArgs;
use crate::cli::console::Console;
use crate::cli::{Context, Exit, Failure};
use crate::query::regions;
use crate::report::Format;

pub fn run(args: &FormatArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let dataset = context.dataset()?;
    let answer = regions::ask(&dataset, &Facts::embedded());
    let format = args.format();
    match format {
        Format::Json | Format::Jsonl => console.json(&answer.record(&dataset), format)?,
        _ => console.sheet(&answer.sheet(&dataset), format, true)?,
    }
    Ok(context.check_age(&dataset))
}
