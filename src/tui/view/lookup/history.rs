//! The queries of this run and of those before, walked with the arrows as in a shell; what was pasted
//! is there whole.

use std::sync::Arc;

use crate::query::explain::Complaint;

/// Most queries that are kept.
const MOST: usize = 200;
/// Most texts among them that were pasted: they may be long.
const MOST_PASTED: usize = 20;

/// A query as it stood in the input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PastQuery {
    pub text: String,
    /// Whether it came with a paste, if only in part.
    pub is_pasted: bool,
    /// A text that was pasted as a list; then the input is empty.
    pub list: Option<Arc<str>>,
    /// A text that is a failure, of which the query is a part.
    pub failure: Option<Arc<Pasted>>,
}

/// A text that is a failure.
#[derive(Debug, Clone, PartialEq)]
pub struct Pasted {
    pub text: String,
    pub complaints: Vec<Complaint>,
}

impl PastQuery {
    /// A query that was typed, or that a view has asked.
    pub fn typed(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Whether it comes with a text of its own.
    const fn has_text(&self) -> bool {
        self.list.is_some() || self.failure.is_some()
    }

    fn is_same(&self, other: &Self) -> bool {
        let own = (self.text.trim(), &self.list, &self.failure);
        own == (other.text.trim(), &other.list, &other.failure)
    }
}

/// Queries, oldest first, and where the walk is.
#[derive(Debug, Default)]
pub struct History {
    queries: Vec<PastQuery>,
    /// Those that were answered and not pasted since they were last taken.
    asked: Vec<String>,
    /// The query that is shown; `None` at the text that is being typed.
    at: Option<usize>,
    /// What was typed before the walk began.
    draft: PastQuery,
}

impl History {
    /// Remembers a query as the newest, once.
    pub fn push(&mut self, query: &PastQuery) {
        self.at = None;
        let text = query.text.trim();
        if text.is_empty() && !query.has_text() {
            return;
        }
        self.queries.retain(|other| !other.is_same(query));
        if self.queries.len() == MOST {
            self.queries.remove(0);
        }
        self.queries.push(PastQuery {
            text: text.to_owned(),
            ..query.clone()
        });
        let with_text = self.queries.iter().filter(|query| query.has_text());
        if with_text.count() > MOST_PASTED {
            let oldest = self.queries.iter().position(PastQuery::has_text);
            oldest.map(|oldest| self.queries.remove(oldest));
        }
    }

    /// A query was answered: it comes back at the next start, unless it was pasted.
    pub fn push_asked(&mut self, query: &PastQuery) {
        if query.is_pasted {
            return;
        }
        let text = query.text.trim();
        self.asked.retain(|other| other != text);
        if self.asked.len() == MOST {
            self.asked.remove(0);
        }
        self.asked.push(text.to_owned());
    }

    /// The queries that were answered since the last time, newest last.
    pub fn take_asked(&mut self) -> Vec<String> {
        std::mem::take(&mut self.asked)
    }

    /// Queries of earlier runs come before those of this one.
    pub fn bring_back(&mut self, older: &[String]) {
        let own = std::mem::take(&mut self.queries);
        for text in older {
            self.push(&PastQuery::typed(text));
        }
        for query in own {
            self.push(&query);
        }
    }

    /// Whether an older query is shown.
    pub const fn is_walking(&self) -> bool {
        self.at.is_some()
    }

    /// The query before; `typed` is what stands in the input now.
    pub fn older(&mut self, typed: PastQuery) -> Option<PastQuery> {
        let newest = self.queries.len().checked_sub(1)?;
        let at = if let Some(at) = self.at {
            at.checked_sub(1)?
        } else {
            // What was just asked for stands in the input already.
            let last = self.queries.last();
            let is_newest = last.is_some_and(|query| query.is_same(&typed));
            self.draft = typed;
            newest.checked_sub(usize::from(is_newest))?
        };
        self.at = Some(at);
        self.queries.get(at).cloned()
    }

    /// The query after, at the end what was typed; `None` outside of a walk.
    pub fn newer(&mut self) -> Option<PastQuery> {
        let at = self.at?;
        if at + 1 < self.queries.len() {
            self.at = Some(at + 1);
            self.queries.get(at + 1).cloned()
        } else {
            self.at = None;
            Some(self.draft.clone())
        }
    }

    /// Ends the walk: the text is being changed.
    pub const fn stop(&mut self) {
        self.at = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrows_walk_back_and_forth_and_give_the_draft_back() {
        let mut history = History::default();
        assert_eq!(history.older(PastQuery::typed("x")), None);
        for query in ["a", "b", "a", "  ", "c"] {
            history.push(&PastQuery::typed(query));
        }
        for (older, found) in [
            ("draft", Some("c")),
            ("", Some("a")),
            ("", Some("b")),
            ("", None),
        ] {
            assert_eq!(
                history.older(PastQuery::typed(older)),
                found.map(PastQuery::typed)
            );
        }
        for found in [Some("a"), Some("c"), Some("draft"), None] {
            assert_eq!(history.newer(), found.map(PastQuery::typed));
        }
        assert_eq!(
            history.older(PastQuery::typed("c")),
            Some(PastQuery::typed("a"))
        );
    }

    #[test]
    fn queries_of_earlier_runs_are_older_and_none_of_them_is_there_twice() {
        let mut history = History::default();
        history.push(&PastQuery::typed("b"));
        let pasted = PastQuery {
            is_pasted: true,
            ..PastQuery::typed("pasted")
        };
        history.push(&pasted);
        history.push_asked(&pasted);
        history.bring_back(&["a", "b", "c"].map(str::to_owned));
        let mut walked = Vec::new();
        while let Some(query) = history.older(PastQuery::typed("")) {
            walked.push(query);
        }
        let [b, c, a] = ["b", "c", "a"].map(PastQuery::typed);
        assert_eq!(walked, [pasted, b, c, a]);
        assert_eq!(history.take_asked(), Vec::<String>::new());
    }

    #[test]
    fn the_last_pasted_texts_are_there_whole() {
        let mut history = History::default();
        history.push(&PastQuery::typed("a"));
        let list = |count: usize| PastQuery {
            is_pasted: true,
            list: Some(Arc::from(format!("10.0.0.{count}\n10.0.1.0\n"))),
            ..PastQuery::default()
        };
        for count in 0..MOST_PASTED + 2 {
            history.push(&list(count));
            history.push(&list(count));
        }
        for count in (2..MOST_PASTED + 2).rev() {
            assert_eq!(history.older(PastQuery::typed("")), Some(list(count)));
        }
        assert_eq!(
            history.older(PastQuery::typed("")),
            Some(PastQuery::typed("a"))
        );
    }
}
