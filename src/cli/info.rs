//! `tagscope info`: what is in use, where it came from, whether it is whole.

use crate::cli::args::FormatArgs;
use crate::cli::console::Console;
use crate::cli::context::today;
use crate::cli::{Context, Exit, Failure};
use crate::index::{Chronicle, embedded_chronicle};
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};
use crate::report::Format;

/// Flaws that the text lists.
const FLAWS_SHOWN: usize = 20;

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    schema_version: u32,
    version: &'static str,
    week: WeekRecord,
    age_days: Option<i32>,
    checksums: &'static str,
    flaws: usize,
    embedded_weeks: Vec<String>,
    config_file: Option<String>,
    data_dir: Option<String>,
}

pub fn run(args: &FormatArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let dataset = context.dataset()?;
    let chronicle = embedded_chronicle()?;
    let verified = dataset.index().verify();
    let record = record(context, &dataset, &chronicle, verified.is_ok());
    let format = args.format();
    match format {
        Format::Json | Format::Jsonl => console.json(&record, format)?,
        _ => print(&record, &dataset, console)?,
    }
    verified?;
    Ok(context.check_age(&dataset))
}

fn record(context: &Context, dataset: &Dataset, chronicle: &Chronicle, is_whole: bool) -> Record {
    let dates = chronicle.entries().iter().filter_map(|entry| entry.date);
    let shown = |path: &Option<std::path::PathBuf>| {
        path.as_ref()
            .map(|path| path.to_string_lossy().into_owned())
    };
    Record {
        schema_version: SCHEMA_VERSION,
        version: env!("CARGO_PKG_VERSION"),
        week: dataset.record(),
        age_days: dataset.age(today()),
        checksums: if is_whole { "ok" } else { "damaged" },
        flaws: dataset.provenance().flaw_count,
        embedded_weeks: dates.map(|date| date.to_string()).collect(),
        config_file: shown(&context.paths.config),
        data_dir: shown(&context.paths.data),
    }
}

fn print(record: &Record, dataset: &Dataset, console: &mut Console) -> Result<(), Failure> {
    let week = &record.week;
    let dated = match (&week.date, record.age_days) {
        (Some(date), Some(age)) => format!("{date}, {age} days old"),
        _ => "unknown: the file name has no date".to_owned(),
    };
    let number = match week.change_number {
        Some(number) => format!("{number}, tag numbers {}", week.change_numbers.word()),
        None => format!("unknown, tag numbers {}", week.change_numbers.word()),
    };
    let weeks = match (record.embedded_weeks.first(), record.embedded_weeks.last()) {
        (Some(first), Some(last)) => {
            format!(
                "{} of Public, {first} to {last}",
                record.embedded_weeks.len()
            )
        }
        _ => "none".to_owned(),
    };
    let none = || "none: no home folder".to_owned();
    let lines = [
        ("version", record.version.to_owned()),
        ("cloud", week.cloud.to_string()),
        ("publication", dated),
        ("changeNumber", number),
        ("source", format!("{}, {}", week.source.word(), week.origin)),
        ("content", week.content_hash.clone()),
        (
            "size",
            format!("{} tags, {} prefixes", week.tags, week.prefixes),
        ),
        ("checksums", record.checksums.to_owned()),
        ("flaws", record.flaws.to_string()),
        ("embedded weeks", weeks),
        (
            "settings file",
            record.config_file.clone().unwrap_or_else(none),
        ),
        ("data folder", record.data_dir.clone().unwrap_or_else(none)),
    ];
    for (name, value) in lines {
        let text = if console.is_terminal() {
            format!("{name:<15} {value}")
        } else {
            format!("{name}\t{value}")
        };
        // A tab is no hazard here: it is ours.
        let parts: Vec<_> = text.split('\t').map(crate::text::clean).collect();
        std::io::Write::write_all(console.out(), (parts.join("\t") + "\n").as_bytes())?;
    }
    let flaws = &dataset.provenance().flaws;
    for flaw in flaws.iter().take(FLAWS_SHOWN) {
        let row = flaw.row.map_or(String::new(), |row| format!(" row {row}"));
        console.line(&format!(
            "  {}{row} \"{}\": {}",
            flaw.tag,
            flaw.found,
            flaw.kind.words()
        ))?;
    }
    if let Some(more) = record
        .flaws
        .checked_sub(FLAWS_SHOWN)
        .filter(|&more| more > 0)
    {
        console.line(&format!("  and {more} more"))?;
    }
    Ok(())
}
