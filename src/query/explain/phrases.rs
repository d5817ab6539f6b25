//! Every sentence of the catalogue, looked for in one pass over a text.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::query::explain::catalogue::{Catalogue, Prose, Speaker};
use crate::query::explain::reader::TextReading;

/// The sentences of the catalogue, which never change.
static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(Catalogue::embedded()));

/// Bytes that `…` stands for, at most.
const GAP: usize = 200;

/// A sentence in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Where it begins, in the text without spaces.
    pub at: usize,
    /// Where it ends.
    pub end: usize,
    /// The id of the problem, program or sign.
    pub id: &'static str,
    pub kind: MarkKind,
    /// The place of the sentence among all.
    pub phrase: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// A problem, if this is near.
    Problem(Proof),
    /// A program whose words are those of a client of registries.
    Client,
    /// Another program, or a sign.
    Other,
}

/// What must stand near a sentence for it to be about a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing: only registries and their clients say it.
    None,
    /// No other host: the sentence is one of the container clients', but of others too.
    NoOther,
    /// A registry's host or a container client's words.
    Registry,
}

/// All sentences.
pub(super) struct Phrases {
    list: Vec<Phrase>,
    by_head: BTreeMap<[u8; 2], Vec<usize>>,
    /// Sentences that are all of a text.
    whole: Vec<(String, &'static str)>,
    /// Statuses and the problems that they tell of.
    statuses: Vec<(u16, &'static str)>,
}

struct Phrase {
    head: String,
    /// Behind each `…`; often none.
    tails: Vec<String>,
    /// Upper case with `_`.
    is_code: bool,
    id: &'static str,
    kind: MarkKind,
}

impl Phrases {
    /// Those of the catalogue.
    pub fn embedded() -> &'static Self {
        &PHRASES
    }

    fn of(catalogue: &'static Catalogue) -> Self {
        let mut phrases = Self {
            list: Vec::new(),
            by_head: BTreeMap::new(),
            whole: Vec::new(),
            statuses: Vec::new(),
        };
        for Prose {
            id,
            known,
            alone,
            near,
            whole,
            status,
            ..
        } in &catalogue.problems
        {
            for (list, proof) in [
                (known, Proof::None),
                (alone, Proof::NoOther),
                (near, Proof::Registry),
            ] {
                phrases.push(list, id, MarkKind::Problem(proof));
            }
            let codes = known.iter().filter(|text| is_code(text));
            let whole = whole.iter().chain(codes);
            phrases
                .whole
                .extend(whole.map(|text| (dense(text).to_ascii_lowercase(), id.as_str())));
            phrases
                .statuses
                .extend(status.iter().map(|&status| (status, id.as_str())));
        }
        for Speaker {
            id, client, says, ..
        } in &catalogue.programs
        {
            let kind = if *client {
                MarkKind::Client
            } else {
                MarkKind::Other
            };
            phrases.push(says, id, kind);
        }
        for Speaker { id, says, .. } in &catalogue.signs {
            phrases.push(says, id, MarkKind::Other);
        }
        phrases
    }

    fn push(&mut self, texts: &[String], id: &'static str, kind: MarkKind) {
        for text in texts {
            let is_code = is_code(text);
            let text = dense(text);
            let text = if is_code {
                text
            } else {
                text.to_ascii_lowercase()
            };
            let mut parts = text.split('…');
            let head = parts.next().unwrap_or("");
            let lower = head.to_ascii_lowercase();
            let &[one, two, ..] = lower.as_bytes() else {
                continue;
            };
            let place = self.list.len();
            self.by_head.entry([one, two]).or_default().push(place);
            self.list.push(Phrase {
                head: head.to_owned(),
                tails: parts.map(str::to_owned).collect(),
                is_code,
                id,
                kind,
            });
        }
    }

    /// Where they stand, in order.
    pub fn marks(&self, reading: &TextReading) -> Vec<Mark> {
        let mut marks = Vec::new();
        let pairs = reading.lower.as_bytes().windows(2).enumerate();
        for (at, pair) in pairs {
            let &[one, two] = pair else { continue };
            let Some(places) = self.by_head.get(&[one, two]) else {
                continue;
            };
            marks.extend(places.iter().filter_map(|&place| {
                let phrase = self.list.get(place)?;
                Some(Mark {
                    at,
                    end: phrase.end(at, reading)?,
                    id: phrase.id,
                    kind: phrase.kind,
                    phrase: place,
                })
            }));
        }
        marks
    }

    /// What the whole text says, where it is one sentence.
    pub fn whole(&self, reading: &TextReading) -> Option<&'static str> {
        let text = reading.lower.trim_matches(['.', '!', '"', '\'']);
        let found = self.whole.iter().find(|(whole, _)| whole == text);
        found.map(|&(_, id)| id)
    }

    /// The problem that a status tells of.
    pub fn status(&self, status: u16) -> Option<&'static str> {
        let found = self.statuses.iter().find(|(known, _)| *known == status);
        found.map(|&(_, id)| id)
    }
}

impl Phrase {
    /// Where it ends, if it stands at a place.
    fn end(&self, at: usize, reading: &TextReading) -> Option<usize> {
        let text = if self.is_code {
            &reading.compact
        } else {
            &reading.lower
        };
        text.get(at..)?.strip_prefix(self.head.as_str())?;
        let mut end = at + self.head.len();
        if self.is_code && !is_word(text, at, end) {
            return None;
        }
        for tail in &self.tails {
            let rest = text.get(end..)?;
            let near = rest.get(..rest.floor_char_boundary(GAP + tail.len()))?;
            end += near.find(tail)? + tail.len();
        }
        // What others say too must stand on one line.
        let is_loose = self.kind == MarkKind::Problem(Proof::Registry) && !self.tails.is_empty();
        (!is_loose || reading.line(at) == reading.line(end - 1)).then_some(end)
    }
}

/// Whether a code stands there as a word of its own.
fn is_word(text: &str, at: usize, end: usize) -> bool {
    let before = text.get(..at).and_then(|head| head.chars().next_back());
    let behind = text.get(end..).and_then(|rest| rest.chars().next());
    let is_more = |c: char| c == '_' || c.is_ascii_digit();
    !before.is_some_and(|c| is_more(c) || c.is_ascii_uppercase()) && !behind.is_some_and(is_more)
}

fn is_code(text: &str) -> bool {
    text.contains('_') && text.bytes().all(|b| b == b'_' || b.is_ascii_uppercase())
}

fn dense(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_long_enough_to_mean_something() {
        for phrase in &Phrases::embedded().list {
            let length = phrase.head.len() + phrase.tails.concat().len();
            assert!(length > 3 && phrase.head.len() > 2, "{}", phrase.head);
        }
    }

    #[test]
    fn a_gap_is_bridged_and_a_code_is_a_word() {
        let ids = |text: &str| {
            let marks = Phrases::embedded().marks(&TextReading::new(text));
            let marks = marks.into_iter();
            let problems = marks.filter(|mark| matches!(mark.kind, MarkKind::Problem(_)));
            let mut ids: Vec<&str> = problems.map(|mark| mark.id).collect();
            ids.dedup();
            ids
        };
        assert_eq!(ids("manifest tagged by \"v9\" is not found"), ["not-found"]);
        assert_eq!(ids("CMK_ERROR"), ["health:CMK_ERROR"]);
        assert_eq!(ids("MY_CMK_ERROR CMK_ERROR_2"), [""; 0]);
    }
}
