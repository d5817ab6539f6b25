//! Whose tags are shown: all, the watched ones, those of the open rules.

use std::collections::BTreeSet;

use crate::source;
use crate::text::and_more;
use crate::tui::component::Reply;
use crate::tui::session::Session;
use crate::tui::view::diff::{DiffView, TagFilter, Touched};

impl DiffView {
    /// What opens the two weeks that are compared; `None` while there are none.
    #[must_use]
    pub fn weeks_shown(&self) -> Option<[source::Request; 2]> {
        self.compared()?.requests.clone()
    }

    /// Only watched tags, and all again.
    pub fn toggle_watched(&mut self, session: &Session) -> Option<Reply> {
        if session.watched.is_empty() && self.scope.owner != TagFilter::Watched {
            let text = "no tag is watched yet: Space watches the selected one";
            return Some(Reply::say(text.to_owned()));
        }
        self.turn(TagFilter::Watched, session);
        None
    }

    /// Only tags that the open rules have to do with, and all again.
    pub fn toggle_rules(&mut self, session: &Session) -> Option<Reply> {
        if self.touched.tags.is_empty() && self.scope.owner != TagFilter::Rules {
            let text = "no rules are open that name or list a tag: 4, then o opens a file";
            return Some(Reply::say(text.to_owned()));
        }
        self.turn(TagFilter::Rules, session);
        None
    }

    fn turn(&mut self, owner: TagFilter, session: &Session) {
        self.scope.owner = if self.scope.owner == owner {
            TagFilter::All
        } else {
            owner
        };
        self.ask(session);
    }

    /// The watch list has changed.
    pub fn watch_changed(&mut self, session: &Session) {
        if self.scope.owner == TagFilter::Watched {
            self.ask(session);
        }
    }

    /// Other rules are open, or other weeks are compared.
    pub fn set_touched(&mut self, touched: Touched, session: &Session) {
        self.touched = touched;
        if self.scope.owner == TagFilter::Rules {
            self.ask(session);
        }
    }

    /// The names of the tags of the open rules, as they are published.
    pub fn touched_names(&self) -> BTreeSet<String> {
        let tags = self.compared().into_iter().flat_map(|it| &it.all.tags);
        let names = tags.map(|tag| &tag.name);
        names
            .filter(|name| !self.touched_by(name).is_empty())
            .cloned()
            .collect()
    }

    /// The rows of the open rules that a tag has to do with.
    pub fn touched_by(&self, name: &str) -> &[String] {
        let rows = self.touched.tags.get(&name.to_ascii_lowercase());
        rows.map_or(&[], Vec::as_slice)
    }

    /// Those rows in a sentence; empty without any.
    pub fn touched_sentence(&self, name: &str) -> String {
        const MOST: usize = 3;
        let rows = self.touched_by(name);
        if rows.is_empty() {
            return String::new();
        }
        let more = and_more(rows.len(), MOST);
        let shown: Vec<String> = rows.iter().take(MOST).cloned().chain(more).collect();
        format!("◆ your rules: {}", shown.join("; "))
    }
}
