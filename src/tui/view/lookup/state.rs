//! What is known of the typed or pasted text.

use crate::azure::PlatformTag;
use crate::query::lookup::{
    Asked, AskedError, LookupAnswer, PlatformRecord, Query, Subject, WithinAnswer, ask, ask_within,
    read,
};
use crate::query::names::WeekNames;
use crate::query::show::{self, ShowAnswer};
use crate::text::Safe;
use crate::tui::Place;
use crate::tui::session::Session;
use crate::tui::view::export::written;
use crate::tui::view::lookup::history::PastQuery;
use crate::tui::view::lookup::list::QueryList;

/// What is known of the text.
#[derive(Debug)]
pub enum LookupState {
    /// Nothing is typed.
    Empty,
    /// The text asks for nothing, yet.
    Unread(AskedError),
    /// A host that has not been asked for.
    Waiting(Query),
    /// A host that the network is being asked for.
    Asking(Query),
    /// The network did not answer.
    Failed(Safe),
    /// An answer.
    Found(Box<LookupAnswer>),
    /// Whether addresses are in a tag.
    Within(Box<WithinAnswer>),
    /// A name that is no address.
    Named(Box<Named>),
    /// Several queries.
    Several(Box<QueryList>),
}

/// Where the user is in Lookup.
#[derive(Debug, Clone, PartialEq)]
pub struct LookupBookmark {
    pub query: PastQuery,
    pub row: usize,
    pub place: Place,
}

/// A name that is no address, and what it is.
#[derive(Debug)]
pub struct Named {
    /// The name as a lookup's answer, without matches.
    pub answer: LookupAnswer,
    /// What it is.
    pub about: AboutName,
}

/// What a name is.
#[derive(Debug)]
pub enum AboutName {
    /// A tag of the week.
    Tag(Box<ShowAnswer>),
    /// A tag of the platform, as it was typed.
    Platform(PlatformTag, String),
}

impl LookupState {
    /// What a typed text asks for.
    pub fn of(text: &str, session: &Session) -> Self {
        if text.trim().is_empty() {
            return Self::Empty;
        }
        let (dataset, specials) = (&session.dataset, &session.facts.specials);
        match read(text, WeekNames::new(dataset)) {
            Err(error) => Self::Unread(error),
            Ok(Asked::One(query)) => match query.subject {
                Subject::Host(..) => Self::Waiting(query),
                Subject::Span(..) => Self::Found(Box::new(ask(&query, dataset, specials))),
            },
            Ok(Asked::Several(_)) => Self::Several(Box::new(QueryList::typed(text, session))),
            Ok(Asked::Within(within)) => {
                Self::Within(Box::new(ask_within(&within, dataset, specials)))
            }
            Ok(Asked::Tag(tag)) => {
                let row = dataset.view().tag(tag);
                let answer = show::ask(tag, dataset, &session.facts);
                let Some((row, about)) = row.zip(answer) else {
                    return Self::Empty;
                };
                Self::Named(Box::new(Named {
                    answer: LookupAnswer::of_name(row.name, text.trim(), Some(tag)),
                    about: AboutName::Tag(Box::new(about)),
                }))
            }
            Ok(Asked::Platform(tag)) => Self::Named(Box::new(Named {
                answer: LookupAnswer::of_name(tag.name(), text.trim(), None),
                about: AboutName::Platform(tag, text.trim().to_owned()),
            })),
        }
    }

    /// Whether there is an answer that can have the keys.
    pub const fn is_answered(&self) -> bool {
        matches!(
            self,
            Self::Found(_) | Self::Within(_) | Self::Named(_) | Self::Several(_)
        )
    }

    /// The answer whose matches are a ladder.
    pub fn answer(&self) -> Option<&LookupAnswer> {
        match self {
            Self::Found(answer) => Some(answer),
            Self::Within(within) => within.rows.first().map(|row| &row.lookup),
            Self::Named(named) => Some(&named.answer),
            _ => None,
        }
    }

    /// What stands above the answer, for so many columns.
    pub fn title(&self, room: usize) -> String {
        match self {
            Self::Found(answer) => answer.headline(),
            Self::Within(within) => match within.rows.as_slice() {
                [row] => row.lookup.headline(),
                rows => {
                    let found = rows.iter().filter(|row| row.is_in).count();
                    format!("{found} of {} in {}", rows.len(), within.name)
                }
            },
            Self::Named(named) => match &named.about {
                AboutName::Tag(_) => format!("{}  a tag", named.answer.query),
                AboutName::Platform(tag, _) => format!("{}  a tag of the platform", tag.name()),
            },
            Self::Several(list) => list.headline(room),
            Self::Empty => "Answer".to_owned(),
            Self::Unread(_) => "not a query yet".to_owned(),
            Self::Waiting(query) | Self::Asking(query) => query.text.clone(),
            Self::Failed(_) => "not resolved".to_owned(),
        }
    }

    /// The answer as a file of this form.
    pub fn export(&self, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
        let dataset = &session.dataset;
        let week = dataset.record();
        match self {
            Self::Found(answer) => {
                let record = answer.record(Some(&week), None, dataset);
                written(&answer.sheet(dataset), &record, form)
            }
            Self::Within(within) => {
                let mut records: Vec<_> = within.records(Some(&week)).collect();
                match records.pop() {
                    Some(only) if records.is_empty() => written(&**within, &only, form),
                    last => {
                        records.extend(last);
                        written(&**within, &records, form)
                    }
                }
            }
            Self::Named(named) => {
                let sheet = named.answer.sheet(dataset);
                match &named.about {
                    AboutName::Tag(tag) => {
                        let text = &named.answer.text;
                        let record = tag.lookup_record(text, None, Some(&week), dataset);
                        written(&sheet, &record, form)
                    }
                    AboutName::Platform(tag, text) => {
                        let record = PlatformRecord::of(*tag, text, None);
                        written(&sheet, &record, form)
                    }
                }
            }
            Self::Several(list) => list.export(form, session),
            _ => Err(Safe::new("there is no answer yet to write")),
        }
    }
}
