//! `tagscope weeks`.

use crate::azure::Cloud;
use crate::cli::args::FormatArgs;
use crate::cli::console::{Console, say};
use crate::cli::{Context, Exit, Failure};
use crate::query::weeks::Answer;
use crate::report::Format;
use crate::source;

pub fn run(args: &FormatArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if context.request.file.is_some() {
        let text =
            "weeks lists what comes with the program; tagscope --file PATH info describes a file";
        return Err(Failure::said(text.to_owned()));
    }
    let mut weeks = source::weeks()?;
    weeks.retain(|week| {
        context
            .request
            .cloud
            .is_none_or(|cloud| week.cloud == cloud)
    });
    let answer = Answer { weeks };
    let format = args.format();
    match format {
        Format::Json | Format::Jsonl => console.json(&answer.record(), format)?,
        _ => console.sheet(&answer, format, true)?,
    }
    if answer.weeks.is_empty() {
        let cloud = context.request.cloud.unwrap_or(Cloud::Public);
        say(&format!(
            "tagscope: no week of {cloud} at hand, only of Public"
        ));
        return Ok(Exit::No);
    }
    Ok(Exit::Done)
}
