//! What Traffic gives to be written: the counts as the verb writes them, and the tags of what is
//! selected as rules.

use crate::index::TagId;
use crate::query::rules::make::Selection;
use crate::query::traffic::{TopAnswer, TopQuestion, suggest};
use crate::text::{Safe, counted};
use crate::traffic::By;
use crate::tui::Place;
use crate::tui::overlay::{ExportDialog, ExportSource, Fit};
use crate::tui::session::Session;
use crate::tui::view::export::{TABLE, exports, written};
use crate::tui::view::traffic::TrafficView;
use crate::tui::view::traffic::ends::tag_name;
use crate::tui::view::traffic::head::NO_LOGS;

/// Why there are no rules.
const NO_TAG: &str = "no tag holds what is selected: there are no rules to make of it";

/// The counts on screen in a form; of the addresses where these have the keys.
pub fn bytes(view: &TrafficView, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
    let logs = view.model.logs().ok_or_else(|| Safe::new(NO_LOGS))?;
    let answer = if view.place == Place::TrafficAddresses {
        addresses(view, session)
    } else {
        view.model.answer().top(view.model.by(), &logs.said)
    };
    written(&answer, &answer.record(&session.dataset), form)
}

fn addresses(view: &TrafficView, session: &Session) -> TopAnswer {
    let question = TopQuestion {
        by: By::Address,
        is_every: false,
        most: None,
    };
    let ends = view.ends.iter();
    let named = ends.map(|end| {
        let tag = tag_name(end, session);
        let tag = tag.unwrap_or_else(|| crate::query::traffic::NOWHERE.to_owned());
        (end.address(), Some(tag), end.counts)
    });
    let answer = view.model.answer();
    let numbers = (answer.hits, answer.inside);
    TopAnswer::of(question, named.collect(), numbers, view.model.has_bytes())
}

/// The table, and rules of the tags.
pub fn offer(view: &TrafficView, session: &Session) -> Result<ExportDialog, Safe> {
    if view.model.logs().is_none() {
        return Err(Safe::new(NO_LOGS));
    }
    let exports = exports(&name(view), &TABLE);
    let held = HeldBy::of(view, session);
    if held.tags.is_empty() {
        let dialog = ExportDialog::new(held.what, exports, None);
        return Ok(dialog.without(NO_TAG));
    }
    let mut selection = Selection::of_tags(&session.dataset, &held.tags);
    selection.notes.extend(held.note);
    let title = format!(
        "{}: {}, {}",
        held.what,
        counted(held.tags.len(), "tag", "tags"),
        session.week()
    );
    let source = ExportSource::Selection(Box::new(selection));
    Ok(ExportDialog::new(title, exports, Some(source)))
}

/// The covers of the tags.
pub fn fit(view: &TrafficView, session: &Session) -> Result<Fit, Safe> {
    if view.model.logs().is_none() {
        return Err(Safe::new(NO_LOGS));
    }
    let tags = HeldBy::of(view, session).tags;
    if tags.is_empty() {
        return Err(Safe::new(NO_TAG));
    }
    let rows = tags
        .iter()
        .filter_map(|tag| session.dataset.view().tag(*tag));
    let names: Vec<String> = rows.map(|row| row.name.to_owned()).collect();
    Fit::of_tags(&names, session)
}

/// A file's name by what is shown.
fn name(view: &TrafficView) -> String {
    let by = if view.place == Place::TrafficAddresses {
        By::Address
    } else {
        view.model.by()
    };
    let mut words = vec!["traffic", by.word()];
    words.extend(view.model.limits().words());
    words.join("-").replace(' ', "-")
}

/// What is selected, and the tags that hold it.
struct HeldBy {
    what: String,
    tags: Vec<TagId>,
    /// How they were found.
    note: Option<String>,
}

impl HeldBy {
    /// The tag itself where one is selected; else the tags with the fewest addresses that hold what was
    /// seen: of the row, or of all rows where what is counted by has the keys.
    fn of(view: &TrafficView, session: &Session) -> Self {
        let dataset = &session.dataset;
        let plain = |what: String, tag: Option<TagId>| Self {
            what,
            tags: tag.into_iter().collect(),
            note: None,
        };
        if view.place == Place::TrafficAddresses
            && let Some(end) = view.end()
        {
            return plain(end.address(), end.tag(dataset));
        }
        let row = view.row().filter(|_| view.place != Place::CountBy);
        if let Some(row) = row.filter(|row| view.model.by() == By::Tag || row.is_nowhere) {
            return plain(row.name.clone(), dataset.view().find(&row.name));
        }
        let what = row.map_or("all that is shown", |row| row.name.as_str());
        let place = row.map(|_| view.row_list.selected);
        let Some(located) = view.model.located() else {
            return plain(what.to_owned(), None);
        };
        let seen = view.model.answer().seen(place, located);
        let answer = suggest(&seen, &dataset.view(), None);
        let names = answer.tags.iter();
        let better = if answer.is_best {
            ""
        } else {
            ", and a better choice may exist"
        };
        let nowhere = match answer.nowhere {
            0 => String::new(),
            hits => format!("; {hits} hits are in no tag"),
        };
        Self {
            what: what.to_owned(),
            tags: names
                .filter_map(|tag| dataset.view().find(&tag.name))
                .collect(),
            note: Some(format!(
                "the tags with the fewest addresses that hold what a log has seen: {what}{better}{nowhere}"
            )),
        }
    }
}
