//! Names as people type them, asked of weeks.
//!
//! Here alone it is decided what a typed name chooses: a tag in any spelling is that tag alone,
//! else a glob, else, where parts of names are taken, a part.

use crate::azure::{Cloud, Name, Names, TagName, respelt};
use crate::index::{Contents, TagId};
use crate::query::Dataset;
use crate::text::{Pattern, Safe, fold};

/// Least letters of what stands behind the dot of a tag; hosts end in shorter words.
const LEAST_SUFFIX: usize = 4;

/// The names of one week.
#[derive(Debug, Clone, Copy)]
pub struct WeekNames<'a> {
    dataset: &'a Dataset,
}

impl<'a> WeekNames<'a> {
    /// The names of a week.
    #[must_use]
    pub const fn new(dataset: &'a Dataset) -> Self {
        Self { dataset }
    }

    /// The week.
    #[must_use]
    pub const fn dataset(&self) -> &'a Dataset {
        self.dataset
    }

    /// The names, in the order of the week's table.
    #[must_use]
    pub fn names(&self) -> &'a Names {
        self.dataset.names()
    }

    /// What a whole text names.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Name {
        self.names().resolve(text)
    }

    /// The tag of a text in any spelling.
    #[must_use]
    pub fn tag(&self, text: &str) -> Option<TagId> {
        tag_of(&self.resolve(text))
    }

    /// Whether a text that names nothing was meant as a tag rather than a host: a word, or two
    /// around a dot of which one is that of a tag or near it.
    #[must_use]
    pub fn is_tag_like(&self, text: &str) -> bool {
        let is_name = |part: &str| {
            let mut letters = part.bytes();
            letters.next().is_some_and(|b| b.is_ascii_alphabetic())
                && letters.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [name] => is_name(name),
            [name, suffix] if is_name(name) && is_name(suffix) => {
                let near = || !self.names().near(text).names.is_empty();
                self.tag(name).is_some() || (suffix.len() >= LEAST_SUFFIX && near())
            }
            _ => false,
        }
    }

    /// The tags that names choose, in the order of the names, and what to say of them.
    ///
    /// # Errors
    /// [`UnknownName`] for the first name that chooses nothing.
    pub fn choose_tags(
        &self,
        typed: &[String],
        parts: Parts,
    ) -> Result<(Vec<TagId>, Vec<String>), UnknownName> {
        let view = self.dataset.view();
        let (mut tags, mut notes) = (Vec::new(), Vec::new());
        for typed in typed {
            let choice = choose_among(typed, std::slice::from_ref(self), parts)?;
            let is_chosen = |tag: &TagId| {
                let row = view.tag(*tag);
                row.is_some_and(|row| choice.pattern.matches(row.name))
            };
            tags.extend(view.tag_ids().filter(is_chosen));
            notes.extend(choice.note);
        }
        Ok((tags, notes))
    }
}

/// What a whole text names in a week.
#[must_use]
pub fn resolve(text: &str, dataset: &Dataset) -> Name {
    WeekNames::new(dataset).resolve(text)
}

/// The tag that a name of one week is.
#[must_use]
pub fn tag_of(name: &Name) -> Option<TagId> {
    match name {
        Name::Tag { place, .. } => u16::try_from(*place).ok().map(TagId),
        _ => None,
    }
}

/// The names of several weeks together.
fn names_of<'a>(weeks: impl Iterator<Item = &'a Dataset> + Clone) -> Names {
    let first = weeks.clone().next();
    let cloud = first.map_or(Cloud::Public, Dataset::cloud);
    Names::new(cloud, weeks.flat_map(Dataset::tag_names))
}

/// The names of the tags of a chronicle: those that a week has, or all.
#[must_use]
pub fn names_of_chronicle(contents: &Contents<'_>, cloud: Cloud, week: Option<usize>) -> Names {
    let tags = contents.tags.iter().filter_map(|tag| {
        let attributes = match week {
            Some(week) => tag.at(week),
            None => tag.latest(),
        }?;
        Some(TagName {
            name: tag.name,
            region: attributes.region,
            system_service: attributes.system_service,
        })
    });
    Names::new(cloud, tags)
}

/// What a typed name chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The tags.
    pub pattern: Pattern,
    /// What to say where a tag was spelled otherwise.
    pub note: Option<String>,
}

/// Whether a text that is no name may be a part of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// Where tags are filtered.
    Taken,
    /// Where tags are named.
    Refused,
}

/// Why a typed name chooses nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownName {
    /// No tag has this name.
    #[error("no tag \"{typed}\" in this week; {hint}")]
    Tag {
        /// The text.
        typed: Safe,
        /// Names that are near, or where the names are.
        hint: Safe,
    },
    /// No tag has this name, or a part like it.
    #[error("no tag matches \"{typed}\"; {hint}")]
    Pattern {
        /// The text.
        typed: Safe,
        /// Names that are near, or where the names are.
        hint: Safe,
    },
    /// A tag of the platform, which has no published addresses.
    #[error("{sentence}")]
    Platform {
        /// What it is.
        sentence: Safe,
    },
}

/// What a typed name chooses among the tags of some weeks, the most wanted week first.
///
/// # Errors
/// [`UnknownName`], with names that are near.
pub fn choose(typed: &str, weeks: &[&Dataset], parts: Parts) -> Result<Choice, UnknownName> {
    let names: Vec<WeekNames<'_>> = weeks.iter().map(|week| WeekNames::new(week)).collect();
    choose_among(typed, &names, parts)
}

fn choose_among(typed: &str, names: &[WeekNames<'_>], parts: Parts) -> Result<Choice, UnknownName> {
    let found: Vec<Name> = names.iter().map(|names| names.resolve(typed)).collect();
    let is_exact = |name: &&Name| {
        let tag = |name: &Name| matches!(name, Name::Tag { is_respelt, .. } if !is_respelt);
        tag(name)
    };
    let is_tag = |name: &&Name| matches!(name, Name::Tag { .. });
    let best = found.iter().find(is_exact);
    let best = best.or_else(|| found.iter().find(is_tag)).or(found.first());
    let pattern = match best {
        Some(Name::Tag {
            name, is_respelt, ..
        }) => {
            return Ok(Choice {
                pattern: Pattern::whole(name),
                note: is_respelt.then(|| respelt(typed, name)),
            });
        }
        Some(Name::Platform(tag)) => {
            return Err(UnknownName::Platform {
                sentence: Safe::from(tag.sentence(typed)),
            });
        }
        Some(Name::Pattern(pattern)) => Some(pattern.clone()),
        Some(Name::Any) => Some(Pattern::new("*")),
        Some(Name::Unknown) | None => (parts == Parts::Taken).then(|| Pattern::new(typed)),
    };
    let matches = |pattern: &Pattern| {
        let mut tags = names.iter().flat_map(|names| names.dataset.tag_names());
        tags.any(|tag| pattern.matches(tag.name))
    };
    if let Some(pattern) = pattern.filter(matches) {
        return Ok(Choice {
            pattern,
            note: None,
        });
    }
    let shown = Safe::new(typed);
    let near = match names {
        [only] => only.names().near(typed),
        several => names_of(several.iter().map(|names| names.dataset)).near(typed),
    };
    let hint = Safe::new(&near.hint());
    Err(match parts {
        Parts::Taken => UnknownName::Pattern { typed: shown, hint },
        Parts::Refused => UnknownName::Tag { typed: shown, hint },
    })
}

/// The tags of a week that names choose, in the order of the names, and what to say of them.
///
/// # Errors
/// [`UnknownName`] for the first name that chooses nothing.
pub fn choose_tags(
    typed: &[String],
    dataset: &Dataset,
    parts: Parts,
) -> Result<(Vec<TagId>, Vec<String>), UnknownName> {
    WeekNames::new(dataset).choose_tags(typed, parts)
}

/// Names of a week near a text that names nothing there.
#[must_use]
pub fn near(typed: &str, dataset: &Dataset) -> Vec<String> {
    if fold(typed).is_empty() {
        return Vec::new();
    }
    WeekNames::new(dataset).names().near(typed).names
}
