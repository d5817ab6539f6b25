//! What is said of a problem: the entries of `assets/problems.toml` that fit, filled in.

use std::collections::{BTreeMap, BTreeSet};

use crate::azure::Certainty;
use crate::query::explain::catalogue::{Catalogue, Entry, Prose};
use crate::text::{WordRefusal, az_word, quote};

/// A sentence and how certain it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// How certain it is.
    pub certainty: Certainty,
}

/// Commands, and what they are for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdviceStep {
    /// What they are for.
    pub text: String,
    /// Lines for a shell; none where the change is made elsewhere.
    pub commands: Vec<String>,
}

/// What a command leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct AdvicePlaceholder {
    /// As it stands in the commands, in angle brackets.
    pub name: &'static str,
    /// What belongs there.
    pub meaning: &'static str,
}

/// What the evidence fills in, and the words by which entries are chosen.
#[derive(Debug, Clone, Default)]
pub(super) struct Scene {
    pub words: BTreeSet<&'static str>,
    pub values: BTreeMap<&'static str, String>,
}

/// What is said of one failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FailureAdvice {
    pub title: String,
    pub meaning: String,
    pub causes: Vec<Sentence>,
    pub checks: Vec<AdviceStep>,
    pub changes: Vec<AdviceStep>,
    pub alternatives: Vec<AdviceStep>,
    pub verify: Vec<AdviceStep>,
    pub useless: Vec<Sentence>,
    pub notes: Vec<Sentence>,
    pub documents: Vec<&'static str>,
}

/// What comes from the text of a failure and stands in commands as it is.
const NAMES: [&str; 7] = [
    "registry",
    "login",
    "image",
    "repository",
    "host",
    "address",
    "source-name",
];
/// Parts that hold parts, at most.
const DEEPEST: usize = 5;

impl FailureAdvice {
    /// What is said of a problem in a scene.
    pub fn of(id: &str, scene: &Scene) -> Self {
        let catalogue = Catalogue::embedded();
        let mut advice = Self::default();
        let parts = [catalogue.problem(id), catalogue.part("always")];
        for part in parts.into_iter().flatten() {
            advice.take(part, scene, 0);
        }
        advice
    }

    fn take(&mut self, prose: &'static Prose, scene: &Scene, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        if self.title.is_empty() {
            let title = scene.fitting(&prose.title.0).next();
            self.title = title.map_or_else(String::new, |title| scene.filled(&title.text));
        }
        if self.meaning.is_empty() {
            let said = scene.fitting(&prose.meaning.0);
            let said: Vec<String> = said.map(|entry| scene.filled(&entry.text)).collect();
            self.meaning = said.join(" ");
        }
        self.causes.extend(scene.sentences(&prose.causes));
        self.checks.extend(scene.steps(&prose.checks));
        self.changes.extend(scene.steps(&prose.changes));
        self.alternatives.extend(scene.steps(&prose.instead));
        self.verify.extend(scene.steps(&prose.verify));
        self.useless.extend(scene.sentences(&prose.in_vain));
        self.notes.extend(scene.sentences(&prose.notes));
        let documents = prose.documents.iter().map(String::as_str);
        let new = documents.filter(|document| !self.documents.contains(document));
        let new: Vec<&str> = new.collect();
        self.documents.extend(new);
        let parts = scene.fitting(&prose.r#use).map(|entry| entry.text.as_str());
        for part in parts.chain(prose.like.as_deref()) {
            if let Some(part) = Catalogue::embedded().part(part) {
                self.take(part, scene, depth + 1);
            }
        }
    }

    /// What the commands leave open, in the order of their first use.
    pub fn placeholders(&self) -> Vec<AdvicePlaceholder> {
        let steps = [
            &self.checks,
            &self.changes,
            &self.alternatives,
            &self.verify,
        ];
        let lines = steps.into_iter().flatten().flat_map(|step| &step.commands);
        let mut found: Vec<AdvicePlaceholder> = Vec::new();
        for line in lines {
            let open = Catalogue::embedded().open.iter();
            let mut used: Vec<(usize, AdvicePlaceholder)> = open
                .filter_map(|(name, meaning)| {
                    let placeholder = AdvicePlaceholder { name, meaning };
                    Some((line.find(name.as_str())?, placeholder))
                })
                .filter(|(_, it)| !found.contains(it))
                .collect();
            used.sort_by_key(|&(at, _)| at);
            found.extend(used.into_iter().map(|(_, it)| it));
        }
        found
    }
}

impl Scene {
    fn fitting(&self, list: &'static [Entry]) -> impl Iterator<Item = &'static Entry> {
        let has = |word: &str| self.words.contains(word);
        list.iter().filter(move |entry| entry.fits(has))
    }

    fn sentences(&self, list: &'static [Entry]) -> impl Iterator<Item = Sentence> {
        self.fitting(list).map(|entry| Sentence {
            text: self.filled(&entry.text),
            certainty: if entry.assumed {
                Certainty::Assumed
            } else {
                Certainty::Documented
            },
        })
    }

    fn steps(&self, list: &'static [Entry]) -> impl Iterator<Item = AdviceStep> {
        self.fitting(list).map(|entry| {
            let mut text = self.filled(&entry.text);
            let mut commands = Vec::new();
            for line in self.lines(&entry.run, 0) {
                match line {
                    Ok(line) => commands.push(line),
                    Err(refusal) => {
                        let said = format!("; {refusal}");
                        if !text.ends_with(&said) {
                            text.push_str(&said);
                        }
                    }
                }
            }
            AdviceStep { text, commands }
        })
    }

    /// Lines for a shell; `@name` is a list of them.
    fn lines(&self, list: &'static [Entry], depth: usize) -> Vec<Result<String, WordRefusal>> {
        let mut lines = Vec::new();
        for entry in self.fitting(list) {
            let named = entry.text.strip_prefix('@');
            let named = named.and_then(|name| Catalogue::embedded().command.get(name));
            match named {
                Some(named) if depth < DEEPEST => lines.extend(self.lines(named, depth + 1)),
                Some(_) | None => lines.push(self.command(&entry.text)),
            }
        }
        lines
    }

    /// A command filled in, but with no name that a program would read in its own way.
    fn command(&self, text: &str) -> Result<String, WordRefusal> {
        for name in NAMES {
            if let Some(value) = self.values.get(name)
                && text.contains(&format!("{{{name}}}"))
            {
                az_word(value)?;
            }
        }
        Ok(quoted(&self.filled(text)))
    }

    /// A text with each `{name}` that is known filled in.
    fn filled(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((head, tail)) = rest.split_once('{') {
            out.push_str(head);
            let is_name = |b: u8| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit();
            let name = tail.split_once('}').map(|(name, _)| name);
            let name = name.filter(|name| !name.is_empty() && name.bytes().all(is_name));
            let value = name.and_then(|name| self.value(name));
            if let (Some(name), Some(value)) = (name, value) {
                out.push_str(&value);
                rest = tail.get(name.len() + 1..).unwrap_or("");
            } else {
                out.push('{');
                rest = tail;
            }
        }
        out.push_str(rest);
        out
    }

    fn value(&self, name: &str) -> Option<String> {
        let value = self.values.get(name).cloned();
        value.or_else(|| Some(self.filled(Catalogue::embedded().words.get(name)?)))
    }
}

/// A command with each word that leaves something open in quotes: `<` and `>` would redirect.
fn quoted(command: &str) -> String {
    let open = &Catalogue::embedded().open;
    let is_open = |word: &str| {
        let mut names = open.keys();
        names.any(|name| word.contains(name.as_str())) && !word.contains(['\'', '"'])
    };
    let words = command.split(' ').map(|word| {
        if is_open(word) {
            quote(word)
        } else {
            word.into()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

impl Sentence {
    /// The sentence, marked where it is less than documented.
    #[must_use]
    pub fn shown(&self) -> String {
        match self.certainty {
            Certainty::Documented => self.text.clone(),
            weak => format!("{} [{}]", self.text, weak.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::explain::scene::VALUES;

    #[test]
    fn what_is_open_is_quoted_and_nothing_else() {
        for (command, expected) in [
            ("a --name <vnet> --x y", "a --name '<vnet>' --x y"),
            (
                "docker pull <registry>.azurecr.io/<repository>:<tag>",
                "docker pull '<registry>.azurecr.io/<repository>:<tag>'",
            ),
            (
                "x \"$(az acr show --name <registry> -o tsv)\"",
                "x \"$(az acr show --name '<registry>' -o tsv)\"",
            ),
            (
                "openssl </dev/null 2>/dev/null",
                "openssl </dev/null 2>/dev/null",
            ),
        ] {
            assert_eq!(quoted(command), expected);
        }
    }

    /// The words that decide what is said of a problem, its parts and commands.
    fn conditions(prose: &'static Prose, words: &mut BTreeSet<&'static str>, depth: usize) {
        fn of(list: &'static [Entry], words: &mut BTreeSet<&'static str>) {
            for entry in list {
                let parts = entry.when.split([' ', '|']);
                let parts = parts.map(|word| word.trim_start_matches('!'));
                words.extend(parts.filter(|word| !word.is_empty()));
                of(&entry.run, words);
                let named = entry.text.strip_prefix('@');
                let named = named.and_then(|name| Catalogue::embedded().command.get(name));
                if let Some(named) = named {
                    of(named, words);
                }
            }
        }
        let steps = [&prose.checks, &prose.changes, &prose.instead, &prose.verify];
        let said = [
            &prose.title.0,
            &prose.meaning.0,
            &prose.causes,
            &prose.in_vain,
            &prose.notes,
        ];
        for list in steps.into_iter().chain(said).chain([&prose.r#use]) {
            of(list, words);
        }
        let parts = prose.r#use.iter().map(|entry| entry.text.as_str());
        for part in parts.chain(prose.like.as_deref()) {
            let part = Catalogue::embedded()
                .part(part)
                .unwrap_or_else(|| panic!("{part}"));
            if depth < DEEPEST {
                conditions(part, words, depth + 1);
            }
        }
    }

    #[track_caller]
    fn assert_whole(id: &str, scene: &Scene) {
        let advice = FailureAdvice::of(id, scene);
        let context = format!("{id}: {:?}", scene.words);
        assert!(
            !advice.title.is_empty() && !advice.documents.is_empty(),
            "{context}"
        );
        let steps = [
            &advice.checks,
            &advice.changes,
            &advice.alternatives,
            &advice.verify,
        ];
        let steps = || steps.into_iter().flatten();
        let said = [&advice.causes, &advice.useless, &advice.notes];
        let said = said.into_iter().flatten().map(|it| &it.text);
        let texts = said.chain(steps().map(|step| &step.text));
        for text in texts.chain([&advice.title, &advice.meaning]) {
            let is_plain = |word: &str| !text.contains(word);
            assert!(
                is_plain("{") && is_plain("  ") && is_plain("@"),
                "{context}\n{text}"
            );
        }
        for command in steps().flat_map(|step| &step.commands) {
            let mut rest = command.replace("</dev/null", "").replace("2>/dev/null", "");
            for open in advice.placeholders() {
                rest = rest.replace(open.name, "");
            }
            assert!(!rest.contains(['<', '>', '@']), "{context}\n{command}");
            for name in VALUES.iter().chain(&["nsg", "subnet", "scope"]) {
                assert!(
                    !rest.contains(&format!("{{{name}}}")),
                    "{context}\n{command}"
                );
            }
        }
    }

    /// Whatever the evidence is, every placeholder is filled in and every sentence is whole.
    #[test]
    fn every_combination_is_rendered() {
        let values = VALUES.map(|name| (name, "x".to_owned()));
        for prose in &Catalogue::embedded().problems {
            let mut words = BTreeSet::new();
            conditions(prose, &mut words, 0);
            let words: Vec<&'static str> = words.into_iter().collect();
            // All of few, of many every pair and every absence of a pair.
            let sets: Vec<BTreeSet<&'static str>> = if words.len() <= 10 {
                let sets = 0..1_usize << words.len();
                let set = |bits: usize| {
                    let places = words.iter().enumerate();
                    let chosen = places.filter(|(place, _)| bits >> place & 1 == 1);
                    chosen.map(|(_, word)| *word).collect()
                };
                sets.map(set).collect()
            } else {
                let pairs = words
                    .iter()
                    .flat_map(|one| words.iter().map(move |two| [*one, *two]));
                pairs
                    .flat_map(|pair| {
                        let rest = words.iter().copied().filter(|word| !pair.contains(word));
                        [pair.into_iter().collect(), rest.collect()]
                    })
                    .collect()
            };
            for words in sets {
                let scene = Scene {
                    words,
                    values: values.clone().into_iter().collect(),
                };
                assert_whole(&prose.id, &scene);
            }
        }
    }
}
