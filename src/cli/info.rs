//! `tagscope info`: what is in use, where it came from, whether it is whole.

use crate::azure::Age;
use crate::cli::console::Console;
use crate::cli::properties::Properties;
use crate::cli::{Context, Exit, Failure};
use crate::index::{Chronicle, embedded_chronicle};
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord, joined_note};
use crate::report::Format;
use crate::settings::StateChoice;
use crate::source::today;
use crate::store::state_file;

/// Flaws that the text lists.
const FLAWS_SHOWN: usize = 20;

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct InfoRecord {
    schema_version: u32,
    version: &'static str,
    week: WeekRecord,
    /// Null without a date, and where it lies ahead.
    age_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_ahead: Option<u32>,
    #[serde(skip)]
    age: Option<Age>,
    checksums: &'static str,
    flaws: usize,
    embedded_weeks: Vec<String>,
    /// The first and the last of them, in words.
    #[serde(skip)]
    ends: Option<[String; 2]>,
    archived_weeks: usize,
    last_checked: Option<String>,
    config_file: Option<String>,
    /// Null where nothing is kept.
    state_file: Option<String>,
    #[serde(skip)]
    keeps_state: bool,
    data_dir: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'static str>,
}

pub fn run(context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let dataset = context.dataset()?;
    let chronicle = embedded_chronicle()?;
    let verified = dataset.index().verify();
    let record = record(context, &dataset, &chronicle, verified.is_ok());
    let format = context.form.format;
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
    let entries = chronicle.entries();
    let dates = entries.iter().filter_map(|entry| entry.date);
    let (archive, cloud) = (context.request.archive(), dataset.cloud());
    let archived = archive
        .as_ref()
        .and_then(|archive| archive.names(cloud).ok())
        .map_or(0, |names| names.len());
    let age = dataset.age(today());
    let checked = archive.and_then(|archive| archive.checked(cloud));
    let shown = |path: &Option<std::path::PathBuf>| {
        path.as_ref()
            .map(|path| path.to_string_lossy().into_owned())
    };
    InfoRecord {
        schema_version: SCHEMA_VERSION,
        version: env!("CARGO_PKG_VERSION"),
        week: dataset.record(),
        age_days: age.and_then(Age::days),
        days_ahead: age.and_then(Age::days_ahead),
        age,
        checksums: if is_whole { "ok" } else { "damaged" },
        flaws: dataset.provenance().flaw_count,
        embedded_weeks: dates.map(|date| date.to_string()).collect(),
        ends: entries
            .first()
            .zip(entries.last())
            .map(|(first, last)| [first.said(), last.said()]),
        archived_weeks: archived,
        last_checked: checked.map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        config_file: shown(&context.paths.config),
        state_file: shown(
            &state_file(&context.paths).filter(|_| context.settings.state == StateChoice::Keep),
        ),
        keeps_state: context.settings.state == StateChoice::Keep,
        data_dir: shown(&context.paths.data),
        notes: joined_note(dataset.info()).into_iter().collect(),
    }
}

/// What is in use, each with its name.
fn properties(record: &InfoRecord) -> Vec<(&'static str, String)> {
    let week = &record.week;
    let dated = match record.age {
        Some(age) => format!("{}, {age}", week.said()),
        None => "unknown: the file name has no date".to_owned(),
    };
    let number = match week.change_number {
        Some(number) => format!("{number}, tag numbers {}", week.change_numbers.word()),
        None => format!("unknown, tag numbers {}", week.change_numbers.word()),
    };
    let weeks = match &record.ends {
        Some([first, last]) => {
            format!(
                "{} of Public, {first} to {last}",
                record.embedded_weeks.len()
            )
        }
        None => "none".to_owned(),
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
    let mut properties = vec![
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
        (
            "state file",
            match &record.state_file {
                Some(path) => path.clone(),
                None if record.keeps_state => none(),
                None => "none: state = \"off\" in the settings".to_owned(),
            },
        ),
        ("data folder", record.data_dir.clone().unwrap_or_else(none)),
    ];
    let notes = record.notes.iter();
    properties.extend(notes.map(|note| ("note", (*note).to_owned())));
    properties
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
