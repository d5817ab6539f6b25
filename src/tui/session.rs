//! What every screen and layer reads: the week, what it was opened with, and what the views tell
//! each other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::azure::registry::Profile;
use crate::azure::{Cloud, Facts};
use crate::query::Dataset;
use crate::query::rules::make::Target;
use crate::query::tags::TagContext;
use crate::source;
use crate::text::quote;
use crate::tui::WeekHistory;

/// What every screen reads.
#[derive(Debug)]
pub struct Session {
    /// The week.
    pub dataset: Dataset,
    /// What the week was opened with.
    pub request: source::Request,
    /// The tables beside it.
    pub facts: Facts,
    /// Whether the network is forbidden.
    pub is_offline: bool,
    /// Today, for the age of the data.
    pub today: Date,
    /// All weeks at hand, once they are read.
    pub week_history: Option<WeekHistory>,
    /// Names of watched tags; they outlive a change of data.
    pub watched: BTreeSet<String>,
    /// What the views tell each other.
    pub board: Board,
}

/// What one view has and others ask for. Only [`crate::tui::App`] writes it, on what it is told.
#[derive(Debug, Default)]
pub struct Board {
    /// The registry of Endpoints.
    pub registry: Option<Box<Profile>>,
    /// What opens the two weeks that Diff compares.
    pub weeks: Option<[source::Request; 2]>,
    /// What the open rules have to do with.
    pub touched: Touched,
    /// The target of the file that was written last; none for a view.
    pub last_target: Option<Target>,
}

/// What the open rules have to do with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Tags in lower case, and the rows that name them or list their addresses.
    pub tags: BTreeMap<String, Vec<String>>,
    /// The files of rules.
    pub files: Vec<String>,
}

impl Session {
    /// A command line for a shell: the program, these words, and what names the data.
    #[must_use]
    pub fn command_line(&self, words: &[impl AsRef<str>]) -> String {
        let mut line = "tagscope".to_owned();
        let mut push = |word: &str| {
            line.push(' ');
            line.push_str(&quote(word));
        };
        for word in words {
            push(word.as_ref());
        }
        if let Some(file) = &self.request.file {
            push("--file");
            push(&file.to_string_lossy());
        } else {
            if let Some(cloud) = self.request.cloud {
                push("--cloud");
                push(cloud.flag());
            }
            if let Some(week) = self.request.week.flag() {
                push("--week");
                push(&week);
            }
        }
        line
    }

    /// What a filter of tags may ask of beside the week.
    #[must_use]
    pub fn tag_context(&self) -> TagContext<'_> {
        TagContext {
            facts: &self.facts,
            watched: &self.watched,
            history: self.week_history.as_ref().map(WeekHistory::summary),
        }
    }

    /// The date of the week on screen, where another than the newest was asked for.
    #[must_use]
    pub fn as_of(&self) -> Option<Date> {
        let is_named = self.request.week != source::WeekChoice::Latest;
        self.dataset
            .info()
            .date
            .filter(|_| is_named && self.request.file.is_none())
    }

    /// A command line whose words name the weeks themselves.
    #[must_use]
    pub fn command_line_of(words: &[impl AsRef<str>], cloud: Cloud) -> String {
        let mut line = "tagscope".to_owned();
        for word in words {
            line.push(' ');
            line.push_str(&quote(word.as_ref()));
        }
        if cloud != Cloud::Public {
            line.push_str(" --cloud ");
            line.push_str(cloud.flag());
        }
        line
    }

    /// Watches a tag, or no longer; whether it is watched from now on.
    pub fn watch(&mut self, name: &str) -> bool {
        !self.watched.remove(name) && self.watched.insert(name.to_owned())
    }

    /// The week that everything is from, for titles.
    #[must_use]
    pub fn week(&self) -> String {
        self.dataset.info().marked()
    }
}
