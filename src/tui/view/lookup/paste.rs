//! A pasted text → a list, or one query.

use std::sync::Arc;

use crate::query::lookup::{Asked, Query, read};
use crate::query::names::WeekNames;
use crate::text::Safe;
use crate::tui::view::lookup::list::QueryList;
use crate::tui::widget::MAX_INPUT;

/// Longest pasted text that is read, in characters.
const MAX_PASTE: usize = 65_536;

/// What a pasted text asks for.
#[derive(Debug, Default)]
pub struct PastedText {
    /// For the input; empty for a list.
    pub query: String,
    /// All of a list.
    pub list: Option<Arc<str>>,
    /// What was left aside, in words.
    pub note: Option<Safe>,
}

impl PastedText {
    /// Reads a text; of a failure it takes the one address or host.
    pub fn read(text: &str, is_failure: bool, names: WeekNames<'_>) -> Self {
        let end = text.char_indices().nth(MAX_PASTE).map(|(end, _)| end);
        let head = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
        let list = |head: &str| {
            // What was cut off may be a part of an address.
            let whole = match (end, head.rsplit_once('\n')) {
                (Some(_), Some((whole, _))) => whole,
                _ => head,
            };
            let cut = format!("only the first {MAX_PASTE} characters were read");
            Self {
                list: Some(Arc::from(whole)),
                note: end.map(|_| Safe::from(cut)),
                ..Self::default()
            }
        };
        if !is_failure && QueryList::is_list(head, names) {
            return list(head);
        }
        let line = head.split_whitespace().collect::<Vec<_>>().join(" ");
        let asked = if is_failure {
            let query = Query::parse(&line, names.dataset().cloud());
            query.ok().map(Asked::One)
        } else {
            read(&line, names).ok()
        };
        let (query, note) = match asked {
            Some(Asked::One(one)) => (one.text, one.notes.into_iter().next()),
            Some(Asked::Several(_)) if line.chars().nth(MAX_INPUT).is_some() => return list(head),
            _ => (line, None),
        };
        Self {
            query: query.chars().take(MAX_INPUT).collect(),
            list: None,
            note,
        }
    }
}
