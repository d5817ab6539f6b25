//! `tagscope regions`.

use crate::azure::Facts;
use crate::cli::console::Console;
use crate::cli::{Context, Exit, Failure};
use crate::query::regions;
use crate::report::Format;

pub fn run(context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let dataset = context.dataset()?;
    let answer = regions::ask(&dataset, &Facts::embedded());
    let format = context.form.format;
    match format {
        Format::Json | Format::Jsonl => console.records(&answer.record(&dataset), format)?,
        _ => console.sheet(&answer.sheet(&dataset), format, true)?,
    }
    Ok(context.check_age(&dataset))
}
