//! What every file says of its week, and texts with places for it.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::azure::Cloud;
use crate::query::Dataset;
use crate::query::export::mmdb::About;
use crate::query::export::{Digits, ExportQuestion, RecordForm};
use crate::query::rules::make::ascii;
use crate::query::week_line;
use crate::text::quote;

/// The week of an export and the command that writes it, in printable ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The command line that makes the same from the newest week.
    pub command: String,
    /// `2026-10-19, Public, change number 383, sha256:…`.
    pub week: String,
    cloud: &'static str,
    date: Option<Date>,
    number: Option<u32>,
    hash: String,
}

impl Stamp {
    /// Of a question to a week.
    #[must_use]
    pub fn new(question: &ExportQuestion, dataset: &Dataset) -> Self {
        let info = dataset.info();
        let hash = info.content_hash.to_string();
        Self {
            command: command(question, dataset),
            week: ascii(&week_line(
                info.cloud,
                &info.said(),
                info.change_number,
                &hash,
            )),
            cloud: info.cloud.name(),
            date: info.date,
            number: info.change_number,
            hash,
        }
    }

    /// Which program made a file, how, and of which week.
    #[must_use]
    pub fn lines(&self) -> [String; 2] {
        [
            format!(
                "Made by tagscope {}: {}",
                env!("CARGO_PKG_VERSION"),
                self.command
            ),
            format!("Week: {}", self.week),
        ]
    }

    /// What a `MaxMind` DB says of itself.
    #[must_use]
    pub fn about(&self) -> About {
        let start = self.date.map(|date| date.at(0, 0, 0, 0));
        let start = start.and_then(|start| TimeZone::UTC.to_timestamp(start).ok());
        let seconds = start.and_then(|start| u64::try_from(start.as_second()).ok());
        About {
            description: format!("Azure service tags of {}", self.week),
            seconds: seconds.unwrap_or(0),
        }
    }

    /// A text with its places filled in.
    #[must_use]
    pub fn fill(&self, template: &str) -> String {
        let [made, week] = self.lines();
        let date = self.date.map(|date| date.to_string());
        let quoted = date.as_ref().map(|date| format!("'{date}'"));
        let digits: String = self.hash.chars().skip("sha256:".len()).take(8).collect();
        let day = date.as_ref().map(|date| date.replace('-', ""));
        let json = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let values = [
            ("{{json made}}", json(&made)),
            ("{{json week}}", json(&week)),
            ("{{made}}", made),
            ("{{week}}", week),
            ("{{cloud}}", self.cloud.to_owned()),
            ("{{date}}", date.unwrap_or_default()),
            ("{{date or null}}", quoted.unwrap_or_else(null)),
            (
                "{{number or null}}",
                self.number.map_or_else(null, |number| number.to_string()),
            ),
            ("{{hash}}", self.hash.clone()),
            // A name for this week alone.
            (
                "{{name}}",
                format!("{}-{digits}", day.as_deref().unwrap_or("undated")),
            ),
        ];
        values
            .iter()
            .fold(template.to_owned(), |text, (place, value)| {
                text.replace(place, value)
            })
    }
}

fn null() -> String {
    "NULL".to_owned()
}

fn command(question: &ExportQuestion, dataset: &Dataset) -> String {
    let mut words = vec![question.kind.word().to_owned()];
    for shape in &question.shapes {
        words.extend(["--shape".to_owned(), shape.word().to_owned()]);
    }
    if question.digits == Digits::Hex {
        words.push("--hex".to_owned());
    }
    if question.form == RecordForm::Asn {
        words.extend(["--as".to_owned(), "asn".to_owned()]);
    }
    for name in tag_names(question, dataset).into_iter().flatten() {
        words.extend(["--tag".to_owned(), name]);
    }
    if dataset.cloud() != Cloud::Public {
        words.extend(["--cloud".to_owned(), dataset.cloud().flag().to_owned()]);
    }
    let words: Vec<String> = words.iter().map(|word| ascii(&quote(word))).collect();
    format!("tagscope export {}", words.join(" "))
}

/// The tags that were named; `None` for all.
#[must_use]
pub fn tag_names(question: &ExportQuestion, dataset: &Dataset) -> Option<Vec<String>> {
    let view = dataset.view();
    let tags = question.tags.as_ref()?.iter();
    let names = tags.filter_map(|&tag| view.tag(tag).map(|row| row.name.to_owned()));
    Some(names.collect())
}
