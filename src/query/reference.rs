//! The quick reference: facts about container registries that a person asks for beside the plan.
//!
//! The facts are data (`assets/reference*.toml`), each with its source, its date and how sure it
//! is. A search takes all words, in any case, over identifier, title, other words, statements and table.

mod layout;
mod record;
mod topic;

pub use layout::{ReferenceLine, ReferenceLineKind, lay_out, lay_out_table};
pub use record::{ReferenceRecord, Statements, TopicList};
pub use topic::{Grid, Statement, Topic};

use crate::text::{Safe, closest, matches_words};

/// The assets, in the order of the topics.
const ASSETS: [&str; 2] = [
    include_str!("../../assets/reference.toml"),
    include_str!("../../assets/reference-network.toml"),
];

/// Every topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference {
    topics: Vec<Topic>,
}

/// The text is no reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the reference cannot be read: {message}; see assets/reference.toml for its form")]
pub struct ReferenceError {
    /// The parser's words.
    pub message: Safe,
}

impl Reference {
    /// The topics that come with the program.
    ///
    /// An asset that does not fit is left out, which a test of the assets excludes.
    #[must_use]
    pub fn embedded() -> Self {
        let read = ASSETS.into_iter().filter_map(|text| Self::read(text).ok());
        Self {
            topics: read.flat_map(|part| part.topics).collect(),
        }
    }

    /// Reads a text of `[[topic]]` tables.
    ///
    /// # Errors
    /// [`ReferenceError`] when the text is not TOML, or has other keys.
    pub fn read(text: &str) -> Result<Self, ReferenceError> {
        let topics = topic::read(text).map_err(|error| ReferenceError {
            message: Safe::new(error.message()),
        })?;
        Ok(Self { topics })
    }

    /// The topics, in the order in which they are listed.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The topic of an identifier, without regard to case.
    #[must_use]
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics
            .iter()
            .find(|topic| topic.id.eq_ignore_ascii_case(id))
    }

    /// The topics with all these words in any case, those first that have them in their name; all
    /// topics for no words. `!word` excludes.
    #[must_use]
    pub fn search(&self, words: &str) -> Vec<&Topic> {
        if words.trim().is_empty() {
            return self.topics.iter().collect();
        }
        let words = self.wanted(words);
        let mut found: Vec<&Topic> = self.topics.iter().collect();
        found.retain(|topic| has_words(topic, &words));
        found.sort_by_key(|topic| {
            let heads = [topic.id.as_str(), topic.title.as_str()];
            let names = topic.names();
            (
                !matches_words(&words, &heads),
                !matches_words(&words, &names),
            )
        });
        found
    }

    /// The words in lower case; what no topic has in the plural is looked for in the singular.
    fn wanted(&self, words: &str) -> String {
        let words = words.to_lowercase();
        let one = |word| {
            let is_found = self.topics.iter().any(|topic| has_words(topic, word));
            let one = word.strip_suffix('s').filter(|one| one.len() > 2);
            one.filter(|_| !is_found && !word.starts_with('!'))
                .unwrap_or(word)
        };
        let words: Vec<&str> = words.split_whitespace().map(one).collect();
        words.join(" ")
    }

    /// The topics that typed words ask for: the one that they name, else what a search finds.
    #[must_use]
    pub fn asked(&self, words: &str) -> Vec<&Topic> {
        match self.topic(words.trim()) {
            Some(topic) => vec![topic],
            None => self.search(words),
        }
    }

    /// Up to `most` identifiers that may have been meant, best first.
    #[must_use]
    pub fn nearest(&self, words: &str, most: usize) -> Vec<&str> {
        let mut near: Vec<&str> = Vec::new();
        for word in words.split_whitespace() {
            // A topic is known by its identifier and by every word of its names.
            let names = self.topics.iter().flat_map(Topic::names);
            let names: Vec<&str> = names.flat_map(str::split_whitespace).collect();
            for name in closest(word, names, most) {
                let holds = |topic: &&Topic| {
                    let mut words = topic.names().into_iter().flat_map(str::split_whitespace);
                    words.any(|word| word == name)
                };
                near.extend(
                    self.topics
                        .iter()
                        .find(holds)
                        .map(|topic| topic.id.as_str()),
                );
            }
        }
        let mut seen = Vec::new();
        near.retain(|id| {
            !seen.contains(id) && {
                seen.push(*id);
                true
            }
        });
        near.truncate(most);
        near
    }
}

/// Whether a topic has all these words, which are in lower case.
fn has_words(topic: &Topic, words: &str) -> bool {
    let texts = topic.texts();
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    matches_words(words, &texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_read_and_every_topic_says_where_it_is_from() {
        let parts = ASSETS.map(|text| Reference::read(text).unwrap().topics.len());
        let reference = Reference::embedded();
        assert_eq!(reference.topics.len(), parts.iter().sum::<usize>());
        let mut ids = Vec::new();
        for topic in reference.topics() {
            assert!(!ids.contains(&&topic.id), "{} twice", topic.id);
            ids.push(&topic.id);
            let is_word = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(topic.id.chars().all(is_word), "{}", topic.id);
            assert!(!topic.title.is_empty() && !topic.source.is_empty());
            assert!(topic.as_of.starts_with("202") && topic.as_of.len() == 10);
            assert!(!topic.statements.is_empty(), "{}", topic.id);
            if let Some(grid) = &topic.table {
                for row in &grid.rows {
                    assert_eq!(row.len(), grid.columns.len(), "{} {row:?}", topic.id);
                }
            }
        }
    }

    #[test]
    fn a_name_wins_over_a_search_and_all_words_count() {
        let reference = Reference::embedded();
        let ids = |words: &str| -> Vec<&str> {
            let found = reference.asked(words);
            found.iter().map(|topic| topic.id.as_str()).collect()
        };
        assert_eq!(ids("TIERS"), ["tiers"]);
        assert_eq!(ids("webhooks 500"), ["tiers"]);
        assert_eq!(ids("comparison dns"), ["comparison"]);
        assert!(ids("geo-replicated nosuchword").is_empty());
        assert_eq!(ids("").len(), reference.topics().len());
        assert!(ids("entra").contains(&"sign-in"));
        assert_eq!(ids("ENTRA"), ids("entra"));
        // One of several is found by their plural; what is excluded stays out.
        assert!(ids("scripts").contains(&"tasks"));
        assert!(!ids("premium !tasks").contains(&"tasks"));
        // What has the word in its name comes first.
        assert_eq!(ids("service endpoint")[0], "service-endpoints");
    }

    #[test]
    fn the_nearest_topics_are_named() {
        let reference = Reference::embedded();
        assert_eq!(reference.nearest("tieers", 3)[0], "tiers");
        assert!(reference.nearest("trotling", 3).contains(&"requests"));
        assert!(reference.nearest("qqqqqqqqqq", 3).is_empty());
    }

    #[test]
    fn a_text_that_is_none_is_refused_in_a_sentence() {
        let error = Reference::read("[[topic]]\nid = 1\n").unwrap_err();
        assert!(error.to_string().contains("cannot be read"), "{error}");
        assert!(Reference::read("[[topic]]\nid = \"x\"\nlnies = []\n").is_err());
    }
}
