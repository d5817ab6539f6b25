//! Which week is on screen: what is being opened, what an update brought, and the history of all
//! weeks.

use std::path::Path;

use crate::query::Dataset;
use crate::query::weeks::ReceiptStatus;
use crate::source::{Request, Updated, WeekChoice};
use crate::store::expand_home;
use crate::text::Safe;
use crate::tui::jobs::{Jobs, Owner};
use crate::tui::session::Session;
use crate::tui::{Job, Task, WeekHistory};

/// What is being opened.
#[derive(Debug, Default)]
pub struct Data {
    opening: Option<Request>,
    /// Said with the data that is being opened.
    news: String,
}

/// What is to be done after an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    Nothing,
    /// The newest week is opened.
    Open(Request),
    /// There are more weeks than before.
    Archive,
}

impl Data {
    /// Reads all weeks of the cloud on screen.
    pub fn read_history(session: &Session, jobs: &mut Jobs) {
        let cloud = session.dataset.cloud();
        let task = Task::WeekHistory {
            within: session.request.newest_of(Some(cloud)),
            until: session.as_of(),
        };
        jobs.start(Owner::App, task);
    }

    /// The history that has been read, unless it is of another cloud.
    pub fn of_cloud(history: WeekHistory, session: &Session) -> Option<WeekHistory> {
        (history.cloud() == session.dataset.cloud()).then_some(history)
    }

    /// What opens another week of the cloud on screen.
    pub fn of_week(week: WeekChoice, session: &Session) -> Request {
        let is_named = session.request.file.is_some() || session.request.cloud.is_some();
        let cloud = is_named.then(|| session.dataset.cloud());
        Request {
            week,
            ..session.request.newest_of(cloud)
        }
    }

    /// What opens a document.
    pub fn of_file(path: &Path, session: &Session) -> Request {
        Request {
            file: Some(expand_home(path)),
            ..session.request.newest_of(None)
        }
    }

    /// Opens data; what is on screen stays until it is there.
    pub fn open(&mut self, request: Request, jobs: &mut Jobs) {
        self.opening = Some(request.clone());
        jobs.start(Owner::App, Task::Open { request });
    }

    /// The data could not be opened.
    pub fn refused(&mut self) {
        self.opening = None;
        self.news.clear();
    }

    /// Puts the opened data on screen; whether the history is to be read anew.
    pub fn opened(&mut self, dataset: Dataset, session: &mut Session) -> bool {
        let Some(request) = self.opening.take() else {
            return false;
        };
        let was_as_of = session.as_of();
        session.dataset = dataset;
        session.request = request;
        let cloud = session.dataset.cloud();
        let is_of_cloud = session.week_history.as_ref().map(WeekHistory::cloud) == Some(cloud);
        !is_of_cloud || session.as_of() != was_as_of
    }

    /// What the opened data is, and what came with it.
    pub fn sentence(&mut self, session: &Session) -> Safe {
        let info = session.dataset.info();
        let date = info
            .date
            .map_or_else(|| "without a date".to_owned(), |_| info.said());
        let provenance = session.dataset.provenance();
        let flaws = match provenance.flaw_count {
            0 => String::new(),
            1 => ", 1 flaw (tagscope info says which)".to_owned(),
            flaws => format!(", {flaws} problems (tagscope info lists them)"),
        };
        let (cloud, tags) = (info.cloud, session.dataset.view().tag_count());
        let origin = &provenance.origin;
        let mut notes = String::new();
        for note in &provenance.notes {
            notes.push_str(note.as_str());
            notes.push_str(". ");
        }
        let news = match std::mem::take(&mut self.news) {
            news if news.is_empty() => news,
            news => format!("{news}. "),
        };
        Safe::from(format!(
            "{news}{notes}{cloud} {date}: {tags} tags{flaws}; from {origin}"
        ))
    }

    /// Fetches the newest publication of the cloud on screen; what to say.
    pub fn fetch(session: &Session, jobs: &mut Jobs) -> Safe {
        if session.is_offline {
            let text = "the network is forbidden (--offline, TAGSCOPE_OFFLINE or the settings)";
            return Safe::new(text);
        }
        if jobs.is_running(Job::Update) {
            return Safe::new("it is being fetched already");
        }
        let cloud = session.dataset.cloud();
        let within = session.request.newest_of(Some(cloud));
        jobs.start(Owner::App, Task::Update { within });
        Safe::new("asking the publisher …")
    }

    /// What became of an update; a new week is opened where the newest one was on screen.
    pub fn updated(
        &mut self,
        updated: &Updated,
        session: &Session,
        jobs: &mut Jobs,
    ) -> (Safe, Next) {
        let week = &updated.receipt.week;
        let date = week.said();
        let own = session.dataset.record();
        let is_shown = (&own.date, &own.content_hash) == (&week.date, &week.content_hash);
        let mut text = match updated.receipt.status {
            ReceiptStatus::Added => format!("new: {} of {date}; 5 shows what changed", week.cloud),
            ReceiptStatus::Held => {
                format!("{} of {date} is held, and a later week too", week.cloud)
            }
            ReceiptStatus::Current => format!("{} of {date} is the newest there is", week.cloud),
        };
        for note in &updated.notes {
            text = format!("{text}; {note}");
        }
        // Another program may have fetched what is new to this one.
        if updated.receipt.status != ReceiptStatus::Added && is_shown {
            return (Safe::from(text), Next::Nothing);
        }
        Self::read_history(session, jobs);
        let request = session.request.clone();
        if request.file.is_none() && request.week == WeekChoice::Latest {
            self.news.clone_from(&text);
            return (Safe::from(text), Next::Open(request));
        }
        let text = format!("{text}; :week latest goes to it");
        (Safe::from(text), Next::Archive)
    }
}
