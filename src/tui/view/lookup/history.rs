//! The queries of this run, walked with the arrows as in a shell.

/// Most queries that are kept.
const MOST: usize = 200;

/// Queries, oldest first, and where the walk is.
#[derive(Debug, Default)]
pub struct History {
    queries: Vec<String>,
    /// The query that is shown; `None` at the text that is being typed.
    at: Option<usize>,
    /// What was typed before the walk began.
    draft: String,
}

impl History {
    /// Remembers a query as the newest, once.
    pub fn push(&mut self, query: &str) {
        self.at = None;
        let query = query.trim();
        if query.is_empty() {
            return;
        }
        self.queries.retain(|other| other != query);
        if self.queries.len() == MOST {
            self.queries.remove(0);
        }
        self.queries.push(query.to_owned());
    }

    /// Whether an older query is shown.
    pub const fn is_walking(&self) -> bool {
        self.at.is_some()
    }

    /// The query before; `typed` is what stands in the input now.
    pub fn older(&mut self, typed: &str) -> Option<&str> {
        let newest = self.queries.len().checked_sub(1)?;
        let at = if let Some(at) = self.at {
            at.checked_sub(1)?
        } else {
            typed.clone_into(&mut self.draft);
            // What was just asked for stands in the input already.
            let is_newest = self.queries.last().is_some_and(|query| query == typed);
            newest.checked_sub(usize::from(is_newest))?
        };
        self.at = Some(at);
        self.queries.get(at).map(String::as_str)
    }

    /// The query after, at the end what was typed; `None` outside of a walk.
    pub fn newer(&mut self) -> Option<&str> {
        let at = self.at?;
        if at + 1 < self.queries.len() {
            self.at = Some(at + 1);
            self.queries.get(at + 1).map(String::as_str)
        } else {
            self.at = None;
            Some(&self.draft)
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
        assert_eq!(history.older("x"), None);
        for query in ["a", "b", "a", "  ", "c"] {
            history.push(query);
        }
        assert_eq!(history.older("draft"), Some("c"));
        assert_eq!(history.older(""), Some("a"));
        assert_eq!(history.older(""), Some("b"));
        assert_eq!(history.older(""), None);
        assert_eq!(history.newer(), Some("a"));
        assert_eq!(history.newer(), Some("c"));
        assert_eq!(history.newer(), Some("draft"));
        assert_eq!(history.newer(), None);
        assert_eq!(history.older("c"), Some("a"));
    }
}
