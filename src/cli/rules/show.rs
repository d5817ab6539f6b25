//! `tagscope rules show`.

use crate::cli::args::ShowRulesArgs;
use crate::cli::console::Console;
use crate::cli::rules::{GoodFiles, complain_of, read_good};
use crate::cli::{Context, Exit, Failure};
use crate::query::rules::show::{RulesTable, record};
use crate::report::Format;

pub fn run(
    args: &ShowRulesArgs,
    context: &Context,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let GoodFiles { files, exit, .. } = read_good(&args.files, context)?;
    complain_of(&files);
    let format = context.form.format;
    if matches!(format, Format::Json | Format::Jsonl) {
        let dataset = context.dataset()?;
        console.records(&record(&files, &dataset), format)?;
        return Ok(exit.or(context.check_age(&dataset)));
    }
    console.sheet(&RulesTable::new(&files), format, true)?;
    Ok(exit)
}
