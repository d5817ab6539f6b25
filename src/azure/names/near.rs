//! Names near a text that names nothing, by its service and its region.
//!
//! A text is cut where it fits a service and a region best. A part that is known is never changed:
//! a name near `Storge.WestEurope` is in West Europe, one near `Storage.WestEurop` is of Storage.

use std::collections::BTreeMap;

use crate::azure::names::{TagName, parts};
use crate::azure::{Aliases, Cloud, Regions};
use crate::text::{allowed_edits, edits_to_beginnings, fold};

/// Names that are named.
const MOST: usize = 3;
/// Letters of a text that may be a part of a name.
const LEAST_PART: usize = 3;

/// Names that were perhaps meant, best first, and what is known besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Near {
    /// Published names.
    pub names: Vec<String>,
    /// Why there is no such tag, where that is known.
    pub why: Option<String>,
}

impl Near {
    /// What to do instead, as the end of a sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        let names = self.names.join(", ");
        match (&self.why, names.is_empty()) {
            (Some(why), false) => format!("{why}; did you mean {names}?"),
            (Some(why), true) => why.clone(),
            (None, false) => format!("did you mean {names}?"),
            (None, true) => "tagscope tags lists them".to_owned(),
        }
    }
}

/// A service and its tags.
#[derive(Default)]
struct Service<'a> {
    base: &'a str,
    /// What the file calls the service.
    called: Vec<&'a str>,
    /// Folded: the base name, what the file calls the service, other names of it.
    spellings: Vec<String>,
    /// The tag without a region.
    own: Option<&'a str>,
    /// By region, as in [`Place::key`].
    regional: BTreeMap<String, &'a str>,
}

/// A region that some tag is of.
struct Place {
    /// Of all spellings the first in order, which stands for the region.
    key: String,
    spellings: Vec<String>,
}

/// Where a text is cut: how far each part is from a service and from a region.
#[derive(Clone, Copy)]
struct Part {
    /// Which service or region.
    which: usize,
    edits: usize,
    /// Letters of the part.
    letters: usize,
}

impl Part {
    const fn is_known(&self) -> bool {
        self.edits == 0
    }

    fn is_near(&self) -> bool {
        self.edits <= allowed_edits(self.letters)
    }
}

/// Names near a text.
pub(super) fn near(typed: &str, cloud: Cloud, tags: &[TagName<'_>], regions: &Regions) -> Near {
    let text = fold(typed);
    let letters = text.chars().count();
    if letters == 0 || letters > 200 {
        return Near::default();
    }
    let (services, places) = vocabulary(cloud, tags, regions);
    let cuts = Cuts::new(&text, letters, typed, &services, &places);
    if let Some(near) = cuts.known(cloud, regions) {
        return near;
    }
    Near {
        names: cuts.ranked(),
        why: None,
    }
}

/// Services near a text, by the name that a person is likely to know.
pub(super) fn services(typed: &str, tags: &[TagName<'_>]) -> Vec<String> {
    let text = fold(typed);
    let letters = text.chars().count();
    if letters == 0 || letters > 200 {
        return Vec::new();
    }
    let mut found: Vec<(usize, usize, &str)> = service_list(tags)
        .iter()
        .filter_map(|service| {
            let edits = service.edits(&text).last().copied().unwrap_or(usize::MAX);
            let near = edits <= allowed_edits(letters);
            let edits = if near {
                edits
            } else if service.is_short_for(&text) {
                1
            } else {
                return None;
            };
            let name = service.published(&text);
            Some((edits, name.len(), name))
        })
        .collect();
    found.sort_unstable();
    some(found.into_iter().map(|(_, _, name)| name).collect())
}

fn service_list<'a>(tags: &[TagName<'a>]) -> Vec<Service<'a>> {
    let mut services: BTreeMap<&str, Service<'a>> = BTreeMap::new();
    for tag in tags {
        let (base, suffix) = parts(tag);
        let service = services.entry(base).or_default();
        service.base = base;
        if suffix.is_none() {
            service.own = Some(tag.name);
        }
        let called = tag.system_service;
        if !called.is_empty() && !service.called.contains(&called) {
            service.called.push(called);
            service.spellings.push(fold(called));
        }
    }
    let aliases = Aliases::embedded();
    for service in services.values_mut() {
        let base = fold(service.base);
        // `KeyVault` and `AzureStorage` are what people call them.
        match ["azure", "microsoft"]
            .iter()
            .find_map(|brand| base.strip_prefix(brand))
        {
            Some(rest) if rest.len() > LEAST_PART => service.spellings.push(rest.to_owned()),
            Some(_) => {}
            None => service.spellings.push(format!("azure{base}")),
        }
        service.spellings.extend(aliases.of(service.base));
        service.spellings.push(base);
        service.spellings.sort_unstable();
        service.spellings.dedup();
    }
    services.into_values().collect()
}

fn vocabulary<'a>(
    cloud: Cloud,
    tags: &[TagName<'a>],
    regions: &Regions,
) -> (Vec<Service<'a>>, Vec<Place>) {
    let mut services = service_list(tags);
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    let mut keys: BTreeMap<&str, String> = BTreeMap::new();
    for tag in tags {
        let (base, Some(suffix)) = parts(tag) else {
            continue;
        };
        let key = keys.entry(suffix).or_insert_with(|| {
            let spellings = regions.spellings(cloud, suffix);
            let key = spellings.first().cloned().unwrap_or_default();
            places.entry(key.clone()).or_insert(Place {
                key: key.clone(),
                spellings,
            });
            key
        });
        if let Ok(at) = services.binary_search_by(|service| service.base.cmp(base))
            && let Some(service) = services.get_mut(at)
        {
            service.regional.insert(key.clone(), tag.name);
        }
    }
    (services, places.into_values().collect())
}

impl<'a> Service<'a> {
    /// Edits from the nearest spelling to every beginning of a text.
    fn edits(&self, text: &str) -> Vec<usize> {
        least(
            self.spellings
                .iter()
                .map(|word| edits_to_beginnings(word, text)),
        )
    }

    /// Of its names in the file the one nearest to a text.
    fn published(&self, text: &str) -> &'a str {
        let names = std::iter::once(self.base).chain(self.called.iter().copied());
        let edits = |name: &&str| edits_to_beginnings(&fold(name), text).last().copied();
        names.min_by_key(edits).unwrap_or(self.base)
    }

    /// Whether a text is initials, beginnings of words, or a part of a spelling: `acr`, `contreg`,
    /// `containerreg`.
    fn is_short_for(&self, text: &str) -> bool {
        if text.len() > LEAST_PART
            && self
                .spellings
                .iter()
                .any(|spelling| spelling.contains(text))
        {
            return true;
        }
        let words = words(self.base);
        (0..words.len()).any(|first| {
            let rest = words.get(first..).unwrap_or(&[]);
            begins_words(text, rest)
        })
    }

    /// Its tags, the one without a region first.
    fn tags(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.own.into_iter().chain(self.regional.values().copied())
    }
}

/// Words of a name by its capitals, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_small = false;
    for c in name.chars() {
        if c == '.' {
            was_small = true;
            continue;
        }
        let is_begin = words.is_empty() || (c.is_uppercase() && was_small);
        was_small = !c.is_uppercase();
        let lower = c.to_lowercase();
        match words.last_mut() {
            Some(word) if !is_begin => word.extend(lower),
            _ => words.push(lower.collect()),
        }
    }
    words
}

/// Whether a text is made of beginnings of the first two or more of some words.
fn begins_words(text: &str, words: &[String]) -> bool {
    fn taken(text: &str, words: &[String], used: usize) -> bool {
        if text.is_empty() {
            return used > 1;
        }
        let Some((word, rest)) = words.split_first() else {
            return false;
        };
        let same = word.chars().zip(text.chars());
        let most = same.take_while(|(one, other)| one == other).count();
        let mut ends = text.char_indices().skip(1).map(|(at, _)| at);
        let all = [text.len()];
        let ends: Vec<usize> = ends.by_ref().chain(all).take(most).collect();
        ends.iter()
            .any(|&end| taken(text.get(end..).unwrap_or(""), rest, used + 1))
    }
    taken(text, words, 0)
}

fn least(rows: impl Iterator<Item = Vec<usize>>) -> Vec<usize> {
    rows.reduce(|mut best, row| {
        for (best, edits) in best.iter_mut().zip(row) {
            *best = edits.min(*best);
        }
        best
    })
    .unwrap_or_default()
}

/// A text, and what its parts are near to at every cut.
struct Cuts<'s, 'a> {
    text: &'s str,
    services: &'s [Service<'a>],
    places: &'s [Place],
    letters: usize,
    /// Of every service the edits to every beginning of the text.
    service_edits: Vec<Vec<usize>>,
    /// Of every region the edits to every end of the text, the whole text first.
    place_edits: Vec<Vec<usize>>,
}

impl<'s, 'a> Cuts<'s, 'a> {
    fn new(
        text: &'s str,
        letters: usize,
        typed: &str,
        services: &'s [Service<'a>],
        places: &'s [Place],
    ) -> Self {
        let backwards: String = text.chars().rev().collect();
        let place_edits: Vec<Vec<usize>> = places
            .iter()
            .map(|place| {
                let words = place.spellings.iter();
                let rows = words.map(|word| {
                    let word: String = word.chars().rev().collect();
                    edits_to_beginnings(&word, &backwards)
                });
                let mut row = least(rows);
                row.reverse();
                row
            })
            .collect();
        // What is short for a service is taken for it at the ends that can be its end.
        let mut ends: Vec<usize> = vec![letters];
        for row in &place_edits {
            ends.extend((0..letters).filter(|&cut| row.get(cut) == Some(&0)));
        }
        let dots = typed.char_indices().filter(|&(_, c)| c == '.');
        ends.extend(dots.map(|(at, _)| fold(typed.get(..at).unwrap_or("")).chars().count()));
        ends.sort_unstable();
        ends.dedup();
        let beginnings: Vec<(usize, String)> = ends
            .into_iter()
            .map(|end| (end, text.chars().take(end).collect()))
            .collect();
        let service_edits = services
            .iter()
            .map(|service| {
                let mut row = service.edits(text);
                for (end, beginning) in &beginnings {
                    if let Some(edits) = row.get_mut(*end).filter(|edits| **edits > 1)
                        && service.is_short_for(beginning)
                    {
                        *edits = 1;
                    }
                }
                row
            })
            .collect();
        Self {
            text,
            services,
            places,
            letters,
            service_edits,
            place_edits,
        }
    }

    fn service(&self, which: usize, cut: usize) -> Option<Part> {
        let edits = *self.service_edits.get(which)?.get(cut)?;
        Some(Part {
            which,
            edits,
            letters: cut,
        })
    }

    fn place(&self, which: usize, cut: usize) -> Option<Part> {
        let edits = *self.place_edits.get(which)?.get(cut)?;
        Some(Part {
            which,
            edits,
            letters: self.letters - cut,
        })
    }

    fn all_services(&self, cut: usize) -> impl Iterator<Item = Part> + '_ {
        (0..self.services.len()).filter_map(move |which| self.service(which, cut))
    }

    fn all_places(&self, cut: usize) -> impl Iterator<Item = Part> + '_ {
        (0..self.places.len()).filter_map(move |which| self.place(which, cut))
    }

    /// The answer where a part of the text is known: the service, the region or both.
    fn known(&self, cloud: Cloud, regions: &Regions) -> Option<Near> {
        let whole = self.named_services(self.letters);
        if !whole.is_empty() {
            let own: Vec<&str> = whole.iter().filter_map(|service| service.own).collect();
            let tags = whole.iter().flat_map(|service| service.tags());
            let names = if own.is_empty() { tags.collect() } else { own };
            return Some(Near {
                names: some(names),
                why: None,
            });
        }
        // The cut at which both parts together are nearest to something; a known service in doubt.
        let cost = |cut: usize| {
            let service = self.all_services(cut).min_by_key(|part| part.edits)?;
            let place = self.all_places(cut).min_by_key(|part| part.edits)?;
            let doubt = (service.edits > 0, place.edits > 0, self.letters - cut);
            Some((service.edits + place.edits, doubt, cut, service, place))
        };
        let best = (0..self.letters).filter_map(cost);
        let best = best.min_by_key(|&(edits, doubt, ..)| (edits, doubt))?;
        let (_, _, cut, service, place) = best;
        match (service.is_known(), place.is_known()) {
            (true, true) => Some(self.without(cut, place.which)),
            (false, true) if cut == 0 => {
                let place = self.places.get(place.which)?;
                let all = self.services.iter().find(|it| it.base == "AzureCloud");
                let tag = all.and_then(|all| all.regional.get(&place.key));
                Some(Near {
                    names: some(tag.copied().into_iter().collect()),
                    why: None,
                })
            }
            (false, true) => {
                let near = self.all_services(cut).filter(Part::is_near);
                let key = &self.places.get(place.which)?.key;
                let tags = near.filter_map(|part| {
                    let tag = self.services.get(part.which)?.regional.get(key)?;
                    Some((part.edits, *tag))
                });
                let names = sorted(self.text, tags.collect());
                // A word of no service may end as a region does.
                (!names.is_empty()).then_some(Near { names, why: None })
            }
            (true, false) => Some(self.of_services(cut, cloud, regions)),
            (false, false) => None,
        }
    }

    /// The services that the text before a cut names.
    fn named_services(&self, cut: usize) -> Vec<&'s Service<'a>> {
        let named = self.all_services(cut).filter(Part::is_known);
        named
            .filter_map(|part| self.services.get(part.which))
            .collect()
    }

    /// A service and a region that are known, and perhaps no tag of both.
    fn without(&self, cut: usize, place: usize) -> Near {
        let services = self.named_services(cut);
        let Some(place) = self.places.get(place) else {
            return Near::default();
        };
        let both = services
            .iter()
            .filter_map(|service| service.regional.get(&place.key).copied());
        let both: Vec<&str> = both.collect();
        if !both.is_empty() {
            return Near {
                names: some(both),
                why: None,
            };
        }
        let base = services.first().map_or("", |service| service.base);
        Near {
            names: some(services.iter().filter_map(|service| service.own).collect()),
            why: Some(format!("{base} has no tag in that region")),
        }
    }

    /// A service that is known, and a region that is not.
    fn of_services(&self, cut: usize, cloud: Cloud, regions: &Regions) -> Near {
        let services = self.named_services(cut);
        let near: Vec<Part> = self.all_places(cut).filter(Part::is_near).collect();
        let mut tags = Vec::new();
        for service in &services {
            let regional = near.iter().filter_map(|part| {
                let key = &self.places.get(part.which)?.key;
                Some((part.edits, *service.regional.get(key)?))
            });
            tags.extend(regional);
        }
        if !tags.is_empty() {
            return Near {
                names: sorted(self.text, tags),
                why: None,
            };
        }
        let rest: String = self.text.chars().skip(cut).collect();
        let elsewhere = Cloud::ALL
            .into_iter()
            .filter(|&other| other != cloud)
            .find(|&other| regions.find(other, &rest).is_some());
        Near {
            names: some(services.iter().filter_map(|service| service.own).collect()),
            why: elsewhere.map(|other| format!("{rest} is a region of {other}")),
        }
    }

    /// Tags of all services and regions that are near by both parts.
    fn ranked(&self) -> Vec<String> {
        let mut tags: Vec<(usize, &str)> = Vec::new();
        let whole = self.all_services(self.letters).filter(Part::is_near);
        for part in whole {
            let Some(service) = self.services.get(part.which) else {
                continue;
            };
            match service.own {
                Some(own) => tags.push((part.edits, own)),
                None => tags.extend(service.tags().map(|tag| (part.edits, tag))),
            }
        }
        for cut in 1..self.letters {
            let places: Vec<Part> = self.all_places(cut).filter(Part::is_near).collect();
            if places.is_empty() {
                continue;
            }
            for service in self.all_services(cut).filter(Part::is_near) {
                let found = places.iter().filter_map(|place| {
                    let key = &self.places.get(place.which)?.key;
                    let tag = self.services.get(service.which)?.regional.get(key)?;
                    Some((service.edits + place.edits, *tag))
                });
                tags.extend(found);
            }
        }
        sorted(self.text, tags)
    }
}

/// The first names by edits, then by how near the whole name is.
fn sorted(text: &str, mut tags: Vec<(usize, &str)>) -> Vec<String> {
    tags.sort_by_cached_key(|&(edits, name)| {
        let whole = edits_to_beginnings(&fold(name), text).last().copied();
        (edits, whole, name.len(), name)
    });
    some(tags.into_iter().map(|(_, name)| name).collect())
}

fn some(names: Vec<&str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        if found.len() < MOST && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}
