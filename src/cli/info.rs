//! `tagscope info`: what is in use, where it came from, whether it is whole.

use crate::cli::args::FormatArgs;
use crate::cli::console::Console;
use crate::cli::context::today;
use crate::cli::{Context, Exit, Failure};
use crate::index::{Chronicle, embedded_chronicle};
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::report::Format;

/// Flaws that the text lists.
const FLAWS_SHOWN: usize = 20;

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct InfoRecord {
    schema_version: u32,
    version: &'static str,
    week: WeekRecord,
    age_days: Option<i32>,
    checksums: &'static str,
    flaws: usize,
    embedded_weeks: Vec<String>,
    archived_weeks: usize,
    last_checked: Option<String>,
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
        Format::Text => print(&record, &dataset, console)?,
        Format::Csv | Format::Markdown => {
            let mut rows = properties(&record);
            let flaws = flaws(&record, &dataset);
            rows.extend(flaws.into_iter().map(|flaw| ("flaw", flaw)));
            console.sheet(&Properties(rows), format, true)?;
        }
    }
    verified?;
    Ok(context.check_age(&dataset))
}

fn record(
    context: &Context,
    dataset: &Dataset,
    chronicle: &Chronicle,
    is_whole: bool,
) -> InfoRecord {
    let dates = chronicle.entries().iter().filter_map(|entry| entry.date);
    let (archive, cloud) = (context.request.archive(), dataset.cloud());
    let archived = archive
        .as_ref()
        .and_then(|archive| archive.names(cloud).ok())
        .map_or(0, |names| names.len());
    let checked = archive.and_then(|archive| archive.checked(cloud));
    let shown = |path: &Option<std::path::PathBuf>| {
        path.as_ref()
            .map(|path| path.to_string_lossy().into_owned())
    };
    InfoRecord {
        schema_version: SCHEMA_VERSION,
        version: env!("CARGO_PKG_VERSION"),
        week: dataset.record(),
        age_days: dataset.age(today()),
        checksums: if is_whole { "ok" } else { "damaged" },
        flaws: dataset.provenance().flaw_count,
        embedded_weeks: dates.map(|date| date.to_string()).collect(),
        archived_weeks: archived,
        last_checked: checked.map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        config_file: shown(&context.paths.config),
        data_dir: shown(&context.paths.data),
    }
}

/// What is in use, each with its name.
fn properties(record: &InfoRecord) -> Vec<(&'static str, String)> {
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
    let archived = match (record.archived_weeks, &record.last_checked) {
        (0, None) => format!("none of {}; tagscope update fetches the newest", week.cloud),
        (count, None) => format!("{count} of {}", week.cloud),
        (count, Some(time)) => {
            format!(
                "{count} of {}; the publisher was asked last on {time}",
                week.cloud
            )
        }
    };
    let none = || "none: no home folder".to_owned();
    vec![
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
        ("archived", archived),
        (
            "settings file",
            record.config_file.clone().unwrap_or_else(none),
        ),
        ("data folder", record.data_dir.clone().unwrap_or_else(none)),
    ]
}

fn print(record: &InfoRecord, dataset: &Dataset, console: &mut Console) -> Result<(), Failure> {
    for (name, value) in properties(record) {
        let text = if console.is_terminal() {
            format!("{name:<15} {value}")
        } else {
            format!("{name}\t{value}")
        };
        // A tab is no hazard here: it is ours.
        let parts: Vec<_> = text.split('\t').map(crate::text::clean).collect();
        std::io::Write::write_all(console.out(), (parts.join("\t") + "\n").as_bytes())?;
    }
    for flaw in flaws(record, dataset) {
        console.line(&format!("  {flaw}"))?;
    }
    Ok(())
}

/// The first flaws of the document, and how many more there are.
fn flaws(record: &InfoRecord, dataset: &Dataset) -> Vec<String> {
    let flaws = dataset.provenance().flaws.iter().take(FLAWS_SHOWN);
    let mut lines: Vec<String> = flaws
        .map(|flaw| {
            let row = flaw.row.map_or(String::new(), |row| format!(" row {row}"));
            let what = flaw.kind.words();
            format!("{}{row} \"{}\": {what}", flaw.tag, flaw.found)
        })
        .collect();
    match record.flaws.checked_sub(FLAWS_SHOWN) {
        Some(more) if more > 0 => lines.push(format!("and {more} more")),
        _ => {}
    }
    lines
}

/// Names and values as a table.
struct Properties(Vec<(&'static str, String)>);

impl Sheet for Properties {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 2] = [
            ColumnSpec::whole("name", "name"),
            ColumnSpec::whole("value", "value"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match (self.0.get(row), column) {
            (Some((name, _)), 0) => Cell::text(*name),
            (Some((_, value)), 1) => Cell::text(crate::text::clean(value)),
            _ => Cell::None,
        }
    }
}
