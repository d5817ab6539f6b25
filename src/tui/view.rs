//! The screens, one file a topic: state, update, draw.

mod diff;
mod endpoints;
mod lookup;
mod rules;
mod tags;

pub use diff::{DiffBookmark, DiffView, Touched};
pub use endpoints::{EndpointsBookmark, EndpointsView};
pub use lookup::{LookupBookmark, LookupView};
pub use rules::{PatchChapter, RulesBookmark, RulesView};
pub use tags::{TagsBookmark, TagsView, names_of};

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::azure::{Cloud, Facts};
use crate::query::{Dataset, Topic};
use crate::source;
use crate::space::Span;
use crate::text::quote;
use crate::tui::{Effect, WeekHistory};

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
}

/// Which tags are fitted and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All watched ones where the cursor is on one or somebody has marked one just now; else, and
    /// among its prefixes, the selected one.
    Fitting,
    /// All watched ones.
    Watched,
    /// The selected one.
    Selected,
}

/// What selects the addresses on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Tags by name.
    pub tags: Vec<String>,
    /// Files; `None` where no file holds exactly these addresses.
    pub files: Option<Vec<String>>,
}

impl Words {
    /// Addresses that files hold.
    #[must_use]
    pub fn of_files(files: Vec<String>) -> Self {
        Self {
            files: Some(files),
            ..Self::default()
        }
    }

    /// The words of `rules fit`, where something selects them.
    #[must_use]
    pub fn of_fit(&self) -> Option<Vec<String>> {
        let files = self.files.as_ref()?;
        let mut words = self.tags.clone();
        words.extend(
            files
                .iter()
                .flat_map(|file| ["--list".to_owned(), file.clone()]),
        );
        Some(words)
    }

    /// The words of `rules make`; none where nothing selects them.
    #[must_use]
    pub fn of_make(&self) -> Vec<String> {
        let Some(files) = &self.files else {
            return Vec::new();
        };
        let tags = self.tags.iter().map(|tag| ("--tag", tag));
        let all = tags.chain(files.iter().map(|file| ("--list", file)));
        all.flat_map(|(option, value)| [option.to_owned(), value.clone()])
            .collect()
    }
}

/// What a screen asks of the program after a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Show a tag in the view Tags.
    ShowTag(String),
    /// Look addresses up in the view Lookup.
    LookUp(Span),
    /// Say something in the status line.
    Say(String),
    /// Copy a text; `what` is it in a few words.
    Copy {
        /// The text.
        text: String,
        /// What it is, for the status line.
        what: String,
    },
    /// Type a command that begins like this.
    Type(String),
    /// Watch a tag, or no longer.
    Watch(String),
    /// Files of rules were closed.
    RulesChanged,
    /// Do something outside.
    Do(Effect),
}

/// What `y`, `Y` and `C` copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// What is selected.
    Cell,
    /// The row, or all prefixes.
    Rows,
    /// The command line.
    Command,
}

/// Where the user is: enough to come back after a jump or a change of data.
#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    /// The open view.
    pub topic: Topic,
    /// The state of Tags.
    pub tags: TagsBookmark,
    /// The state of Lookup.
    pub lookup: LookupBookmark,
    /// The state of Endpoints.
    pub endpoints: EndpointsBookmark,
    /// The state of Rules.
    pub rules: RulesBookmark,
    /// The state of Diff.
    pub diff: DiffBookmark,
}
