//! The queries of this run and of those before, walked with the arrows as in a shell.

/// Most queries that are kept.
const MOST: usize = 200;

/// A query, and whether it came with a paste, if only in part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PastQuery {
    pub text: String,
    pub is_pasted: bool,
}

impl PastQuery {
    /// A query that was typed, or that a view has asked.
    pub fn typed(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_pasted: false,
        }
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
        if text.is_empty() {
            return;
        }
        self.queries.retain(|other| other.text != text);
        if self.queries.len() == MOST {
            self.queries.remove(0);
        }
        self.queries.push(PastQuery {
            text: text.to_owned(),
            ..*query
        });
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
            self.draft = typed;
            // What was just asked for stands in the input already.
            let is_newest = self.queries.last().map(|query| &query.text) == Some(&self.draft.text);
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
}
