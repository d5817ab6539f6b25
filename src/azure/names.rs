//! What a typed name can mean: a tag in any spelling, a tag of the platform, a pattern, or nothing.
//!
//! A tag is found by its published name, without regard to case; else by its service and any
//! spelling of its region (`Storage.West Europe`, `AzureCloud.francecentral`), with or without
//! what stands between the words. A spelling that two tags share finds neither. Near names are
//! looked for only where they are asked for, and are never an answer.

mod near;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::azure::{Aliases, Cloud, PlatformTag, Regions};
use crate::text::{Pattern, fold};

pub use near::Near;

/// A tag as a week names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagName<'a> {
    /// Published name.
    pub name: &'a str,
    /// Region property; empty when not regional.
    pub region: &'a str,
    /// `systemService`; empty for roll-ups.
    pub system_service: &'a str,
}

/// What a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A tag.
    Tag {
        /// Its place in the list that [`Names::new`] was given.
        place: usize,
        /// Its published name.
        name: String,
        /// Whether the text spells it otherwise than by case.
        is_respelt: bool,
    },
    /// A tag without published addresses.
    Platform(PlatformTag),
    /// `*`: every address in a rule, every tag where tags are chosen.
    Any,
    /// A text with `*` or `?`.
    Pattern(Pattern),
    /// Nothing that is known; [`Names::near`] has names that are near.
    Unknown,
}

/// The names that a week has, or several weeks.
#[derive(Debug, Clone)]
pub struct Names {
    cloud: Cloud,
    /// Name, region and systemService of every tag.
    tags: Vec<[String; 3]>,
    regions: OnceLock<Regions>,
    /// Places by name in lower case.
    exact: OnceLock<HashMap<String, usize>>,
    /// Places by folded spelling; `None` for one that two tags share.
    spellings: OnceLock<HashMap<String, Option<usize>>>,
}

impl Names {
    /// Takes the tags of a cloud; of equal names the first counts.
    #[must_use]
    pub fn new<'a>(cloud: Cloud, tags: impl IntoIterator<Item = TagName<'a>>) -> Self {
        Self {
            cloud,
            tags: tags
                .into_iter()
                .map(|tag| [tag.name, tag.region, tag.system_service].map(str::to_owned))
                .collect(),
            regions: OnceLock::new(),
            exact: OnceLock::new(),
            spellings: OnceLock::new(),
        }
    }

    /// What a whole text names.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Name {
        let text = text.trim();
        if text.is_empty() {
            return Name::Unknown;
        }
        if let Some(found) = self.tag(text) {
            return found;
        }
        if let Some(tag) = PlatformTag::parse(text) {
            return Name::Platform(tag);
        }
        if text == "*" {
            return Name::Any;
        }
        if text.contains(['*', '?']) {
            return Name::Pattern(Pattern::new(text));
        }
        Name::Unknown
    }

    /// The tag of a text, by its name or by another spelling.
    fn tag(&self, text: &str) -> Option<Name> {
        let (place, is_respelt) = match self.exact().get(&text.to_ascii_lowercase()) {
            Some(&place) => (place, false),
            None => (self.spelled(text)?, true),
        };
        let [name, ..] = self.tags.get(place)?;
        Some(Name::Tag {
            place,
            name: name.clone(),
            is_respelt,
        })
    }

    fn spelled(&self, text: &str) -> Option<usize> {
        if !may_be_spelling(text) {
            return None;
        }
        let found = self.spellings().get(&fold(text)).copied().flatten()?;
        // `Microsoft.ContainerRegistry` is AzureContainerRegistry in documents, whatever it looks like.
        (!Aliases::embedded().has(text)).then_some(found)
    }

    fn exact(&self) -> &HashMap<String, usize> {
        self.exact.get_or_init(|| {
            let mut exact = HashMap::with_capacity(self.tags.len());
            for (place, tag) in self.tags().enumerate() {
                exact.entry(tag.name.to_ascii_lowercase()).or_insert(place);
            }
            exact
        })
    }

    fn spellings(&self) -> &HashMap<String, Option<usize>> {
        self.spellings.get_or_init(|| {
            let mut spellings: HashMap<String, Option<usize>> = HashMap::new();
            let mut others = Vec::new();
            let mut regions: HashMap<&str, Vec<String>> = HashMap::new();
            for (place, tag) in self.tags().enumerate() {
                put(&mut spellings, fold(tag.name), place);
                let (base, Some(suffix)) = parts(&tag) else {
                    continue;
                };
                let known = regions
                    .entry(suffix)
                    .or_insert_with(|| self.regions().spellings(self.cloud, suffix));
                let base = fold(base);
                others.extend(
                    known
                        .iter()
                        .map(|region| (format!("{base}{region}"), place)),
                );
            }
            // A name counts before what other tags could be called.
            let own: HashSet<String> = spellings.keys().cloned().collect();
            for (spelling, place) in others {
                if !own.contains(&spelling) {
                    put(&mut spellings, spelling, place);
                }
            }
            spellings
        })
    }

    fn tags(&self) -> impl Iterator<Item = TagName<'_>> {
        self.tags
            .iter()
            .map(|[name, region, system_service]| TagName {
                name,
                region,
                system_service,
            })
    }

    fn regions(&self) -> &Regions {
        self.regions.get_or_init(Regions::embedded)
    }

    /// Names that whoever typed this may have meant.
    #[must_use]
    pub fn near(&self, typed: &str) -> Near {
        let tags: Vec<TagName<'_>> = self.tags().collect();
        near::near(typed, self.cloud, &tags, self.regions())
    }

    /// Services, by base name or `systemService`, that whoever typed this may have meant.
    #[must_use]
    pub fn near_services(&self, typed: &str) -> Vec<String> {
        let tags: Vec<TagName<'_>> = self.tags().collect();
        near::services(typed, &tags)
    }
}

fn put(spellings: &mut HashMap<String, Option<usize>>, spelling: String, place: usize) {
    let found = spellings.entry(spelling).or_insert(Some(place));
    if *found != Some(place) {
        *found = None;
    }
}

/// A tag's service and the suffix that names its region: of `AzureFrontDoor.Backend` the whole
/// name, of `Storage.WestEurope` two parts.
fn parts<'a>(tag: &TagName<'a>) -> (&'a str, Option<&'a str>) {
    let is_regional = !tag.region.is_empty();
    match tag.name.rsplit_once('.').filter(|_| is_regional) {
        Some((base, suffix)) => (base, Some(suffix)),
        None => (tag.name, None),
    }
}

/// Whether a text is letters, digits and what stands between the words of a name: nothing at
/// either end that would make it the beginning or the end of names.
fn may_be_spelling(text: &str) -> bool {
    const QUOTES: [char; 7] = ['"', '\'', '`', '“', '”', '‘', '’'];
    let between = |c: char| matches!(c, ' ' | '.' | '-' | '_') || QUOTES.contains(&c);
    let core = text.trim_matches(QUOTES.as_slice());
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    is_word(core.chars().next())
        && is_word(core.chars().next_back())
        && core.chars().all(|c| c.is_alphanumeric() || between(c))
}

/// The sentence about a tag that was spelled otherwise.
#[must_use]
pub fn respelt(typed: &str, name: &str) -> String {
    format!("{} is published as {name}", typed.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regional<'a>(name: &'a str, region: &'a str) -> TagName<'a> {
        TagName {
            name,
            region,
            system_service: "",
        }
    }

    fn week() -> Names {
        Names::new(
            Cloud::Public,
            [
                regional("AzureCloud", ""),
                regional("AzureCloud.centralfrance", "centralfrance"),
                regional("AzureCloud.norwaye", "norwaye"),
                regional("AzureFrontDoor.Backend", ""),
                regional("AzureKeyVault", ""),
                regional("AzureKeyVault.WestEurope", "westeurope"),
                regional("Storage", ""),
                regional("Storage.EastUS2", "eastus2"),
                regional("Storage.EastUS2Stage", "eastus2"),
                regional("Storage.FranceCentral", "centralfrance"),
                regional("Storage.WestEurope", "westeurope"),
            ],
        )
    }

    fn found(text: &str) -> Option<(String, bool)> {
        match week().resolve(text) {
            Name::Tag {
                name, is_respelt, ..
            } => Some((name, is_respelt)),
            _ => None,
        }
    }

    #[test]
    fn a_name_is_found_in_any_case_and_any_spelling_of_its_region() {
        for (typed, name, is_respelt) in [
            ("storage.westeurope", "Storage.WestEurope", false),
            (" Storage ", "Storage", false),
            ("Storage.West Europe", "Storage.WestEurope", true),
            ("storage west-europe", "Storage.WestEurope", true),
            ("StorageWestEurope", "Storage.WestEurope", true),
            (
                "AzureKeyVault.\"West Europe\"",
                "AzureKeyVault.WestEurope",
                true,
            ),
            ("'azure key vault'", "AzureKeyVault", true),
            ("storage.centralfrance", "Storage.FranceCentral", true),
            ("AzureCloud.francecentral", "AzureCloud.centralfrance", true),
            (
                "AzureCloud.France Central",
                "AzureCloud.centralfrance",
                true,
            ),
            ("AzureCloud.NorwayEast", "AzureCloud.norwaye", true),
            ("azurefrontdoor backend", "AzureFrontDoor.Backend", true),
            ("storage.eastus2stage", "Storage.EastUS2Stage", false),
            ("storage.east us 2", "Storage.EastUS2", true),
        ] {
            assert_eq!(found(typed), Some((name.to_owned(), is_respelt)), "{typed}");
        }
    }

    #[test]
    fn a_part_of_a_name_is_none() {
        for typed in [
            "",
            " ",
            "Storage.",
            ".WestEurope",
            "WestEurope",
            "AzureFrontDoor",
            "Storage.West",
            "Storage/WestEurope",
            "Storage.WestEurope.",
            "20.38.116.38",
            "-Storage",
        ] {
            assert_eq!(week().resolve(typed), Name::Unknown, "{typed}");
        }
    }

    #[test]
    fn tags_of_the_platform_and_patterns_are_told_apart() {
        let week = week();
        let platform = Name::Platform(PlatformTag::Internet);
        assert_eq!(week.resolve("internet"), platform);
        let classic = Name::Platform(PlatformTag::VirtualNetwork);
        assert_eq!(week.resolve("VIRTUAL_NETWORK"), classic);
        assert_eq!(week.resolve("*"), Name::Any);
        assert!(matches!(week.resolve("Storage*"), Name::Pattern(_)));
    }

    #[test]
    fn a_spelling_that_two_tags_share_finds_neither() {
        let week = Names::new(
            Cloud::Public,
            [
                regional("AzureCloud.isrealcentral", "isrealcentral"),
                regional("AzureCloud.israelcentral", "israelcentral"),
                regional("Sql.isrealcentral", "isrealcentral"),
                regional("Twice", ""),
                regional("Tw.ice", ""),
            ],
        );
        assert_eq!(week.resolve("Tw ice"), Name::Unknown);
        let name = |text| match week.resolve(text) {
            Name::Tag { name, .. } => name,
            _ => String::new(),
        };
        assert_eq!(name("twice"), "Twice");
        assert_eq!(
            name("AzureCloud.Israel Central"),
            "AzureCloud.israelcentral"
        );
        assert_eq!(name("Sql.Israel Central"), "Sql.isrealcentral");
    }
}
