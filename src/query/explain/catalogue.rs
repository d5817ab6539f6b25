//! `assets/problems.toml`: what each problem is known by and what is said of it.
//!
//! The asset is read once; a test excludes that it does not fit. What problems need and outrank is
//! in `table`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The asset. It never changes while the program runs, and every paste asks it.
static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| read(include_str!("../../../assets/problems.toml")).unwrap_or_default());

/// Everything that is known of problems.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catalogue {
    /// What stands in angle brackets in commands, and what belongs there.
    pub open: BTreeMap<String, String>,
    /// Words that stand in for `{name}` everywhere.
    pub words: BTreeMap<String, String>,
    /// Lists of commands for `@name`.
    pub command: BTreeMap<String, Vec<Entry>>,
    #[serde(rename = "program")]
    pub programs: Vec<Speaker>,
    #[serde(rename = "sign")]
    pub signs: Vec<Speaker>,
    #[serde(rename = "part")]
    pub parts: Vec<Prose>,
    #[serde(rename = "problem")]
    pub problems: Vec<Prose>,
}

/// A program or a sign, by the sentences that tell of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Speaker {
    pub id: String,
    /// What a program is called.
    #[serde(default)]
    pub name: String,
    /// Whether its words are those of a client of registries.
    #[serde(default)]
    pub client: bool,
    pub says: Vec<String>,
}

/// What is said of a problem, or a part of that.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Prose {
    pub id: String,
    /// The first that fits.
    pub title: Texts,
    /// All that fit, one behind the other.
    pub meaning: Texts,
    pub causes: Vec<Entry>,
    pub checks: Vec<Entry>,
    pub changes: Vec<Entry>,
    pub instead: Vec<Entry>,
    pub verify: Vec<Entry>,
    pub in_vain: Vec<Entry>,
    pub notes: Vec<Entry>,
    /// Parts that follow.
    pub r#use: Vec<Entry>,
    /// Another problem of which the same is said.
    pub like: Option<String>,
    pub documents: Vec<String>,
    pub known: Vec<String>,
    pub alone: Vec<String>,
    pub near: Vec<String>,
    pub whole: Vec<String>,
    pub status: Vec<u16>,
}

/// One text or several.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "RawTexts")]
pub(super) struct Texts(pub Vec<Entry>);

/// A sentence, a step with its commands, a line of commands or the name of a part.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "RawEntry")]
pub(super) struct Entry {
    pub text: String,
    /// The evidence that must be there.
    pub when: String,
    pub assumed: bool,
    pub run: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawTexts {
    One(String),
    Several(Vec<Entry>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawEntry {
    Plain(String),
    Full(FullEntry),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FullEntry {
    #[serde(alias = "line", alias = "part")]
    text: String,
    #[serde(default)]
    when: String,
    #[serde(default)]
    assumed: bool,
    #[serde(default)]
    run: Vec<Entry>,
}

impl From<RawEntry> for Entry {
    fn from(raw: RawEntry) -> Self {
        match raw {
            RawEntry::Plain(text) => Self {
                text,
                ..Self::default()
            },
            RawEntry::Full(full) => Self {
                text: full.text,
                when: full.when,
                assumed: full.assumed,
                run: full.run,
            },
        }
    }
}

impl From<RawTexts> for Texts {
    fn from(raw: RawTexts) -> Self {
        match raw {
            RawTexts::One(text) => Self(vec![RawEntry::Plain(text).into()]),
            RawTexts::Several(list) => Self(list),
        }
    }
}

/// Reads the asset.
fn read(text: &str) -> Result<Catalogue, toml::de::Error> {
    toml::from_str(text)
}

impl Catalogue {
    /// The one that comes with the program.
    pub fn embedded() -> &'static Self {
        &CATALOGUE
    }

    /// What is said of a problem.
    pub fn problem(&self, id: &str) -> Option<&Prose> {
        self.problems.iter().find(|prose| prose.id == id)
    }

    /// A part, or a problem of which the same is said.
    pub fn part(&self, id: &str) -> Option<&Prose> {
        let part = self.parts.iter().find(|prose| prose.id == id);
        part.or_else(|| self.problem(id))
    }

    /// A program's name.
    pub fn program(&self, id: &str) -> Option<&str> {
        let program = self.programs.iter().find(|program| program.id == id);
        program.map(|program| program.name.as_str())
    }
}

impl Entry {
    /// Whether the evidence is there: `a b` both, `a|b` one of them, `!a` not.
    pub fn fits(&self, has: impl Fn(&str) -> bool) -> bool {
        self.when.split_whitespace().all(|any| {
            any.split('|').any(|word| match word.strip_prefix('!') {
                Some(word) => !has(word),
                None => has(word),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asset_is_read() {
        let catalogue = read(include_str!("../../../assets/problems.toml")).unwrap();
        let health = |prose: &&Prose| prose.id.starts_with("health:");
        assert_eq!(catalogue.problems.iter().filter(health).count(), 19);
        let mut ids: Vec<&str> = catalogue.problems.iter().map(|it| it.id.as_str()).collect();
        ids.extend(catalogue.parts.iter().map(|it| it.id.as_str()));
        ids.extend(catalogue.programs.iter().map(|it| it.id.as_str()));
        ids.extend(catalogue.signs.iter().map(|it| it.id.as_str()));
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "an id stands twice");
    }

    #[test]
    fn an_entry_fits_by_its_words() {
        let fits = |when: &str| {
            let entry = Entry {
                when: when.to_owned(),
                ..Entry::default()
            };
            entry.fits(|word| ["a", "b"].contains(&word))
        };
        assert!(fits("") && fits("a b") && fits("c|a !d") && fits("!c"));
        assert!(!fits("c") && !fits("a !b") && !fits("c|d"));
    }
}
