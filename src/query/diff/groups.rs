//! Changed tags by service.

use std::cmp::Reverse;

use crate::index::TagId;
use crate::query::diff::party::ChangedTag;
use crate::query::diff::{DiffAnswer, DiffSign, DiffWeeks, TagChange};
use crate::query::tags;
use crate::space::{AddressSet, Block, Count, Family, Ranges, Span};

/// What a service's tags asked for gained and lost together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServiceTotals {
    name: String,
    gained: [Count; 2],
    lost: [Count; 2],
}

/// A service and its changed tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffGroup<'a> {
    /// The tags' name without a region.
    pub service: &'a str,
    /// The tags by region, those without one last.
    pub tags: Vec<&'a TagChange>,
    /// Distinct prefixes that came into any of the tags.
    pub prefixes_added: usize,
    /// Distinct prefixes that went from any of the tags.
    pub prefixes_removed: usize,
    /// Addresses that none of the service's tags had before and one of them has now, per family.
    /// Not a sum over the tags, and unchanged tags count: what `Storage` had is no gain of
    /// `Storage.WestEurope` here.
    pub gained: [Count; 2],
    /// Addresses that one of the service's tags had before and none of them has now, per family.
    pub lost: [Count; 2],
}

impl DiffGroup<'_> {
    /// How many tags say something of their own.
    #[must_use]
    pub fn leading(&self) -> usize {
        self.tags.iter().filter(|tag| !tag.is_echo()).count()
    }

    /// Whether other services say all that its tags say.
    #[must_use]
    pub fn is_echo(&self) -> bool {
        let is_own = |name: &str| self.tags.iter().any(|tag| tag.name == name);
        self.tags
            .iter()
            .all(|tag| tag.is_echo() && !tag.echo_of.iter().any(|name| is_own(name)))
    }
}

/// The order of services.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum GroupOrder {
    /// By name.
    #[default]
    Name,
    /// By IPv4 addresses gained and lost together, most first, then by IPv6 addresses, then by
    /// name.
    Addresses,
}

impl DiffAnswer {
    /// The changed tags by service.
    #[must_use]
    pub fn groups(&self, order: GroupOrder) -> Vec<DiffGroup<'_>> {
        let mut tags: Vec<&TagChange> = self.tags.iter().collect();
        tags.sort_by_key(|tag| {
            let service = tag.service.as_str();
            (service, tag.region.is_empty(), tag.region.as_str())
        });
        let mut groups: Vec<DiffGroup<'_>> = tags
            .chunk_by(|one, other| one.service == other.service)
            .filter_map(|tags| self.group(tags))
            .collect();
        if order == GroupOrder::Addresses {
            groups.sort_by_key(|group| {
                let both = group.gained.iter().zip(&group.lost);
                let changes: Vec<Count> = both.map(|(one, other)| *one + *other).collect();
                Reverse(changes)
            });
        }
        groups
    }

    fn group<'a>(&self, tags: &[&'a TagChange]) -> Option<DiffGroup<'a>> {
        let service = tags.first()?.service.as_str();
        let distinct = |sign: DiffSign| {
            let lists = tags.iter().map(|tag| match sign {
                DiffSign::Removed => &tag.removed,
                DiffSign::Added => &tag.added,
            });
            let mut prefixes: Vec<Block> = lists.flatten().map(|row| row.prefix).collect();
            prefixes.sort_unstable();
            prefixes.dedup();
            prefixes.len()
        };
        let place = self
            .services
            .binary_search_by(|known| known.name.as_str().cmp(service));
        let known = place.ok().and_then(|place| self.services.get(place));
        let [gained, lost] =
            known.map_or_else(Default::default, |known| [known.gained, known.lost]);
        Some(DiffGroup {
            service,
            tags: tags.to_vec(),
            prefixes_added: distinct(DiffSign::Added),
            prefixes_removed: distinct(DiffSign::Removed),
            gained,
            lost,
        })
    }
}

/// What each service with a changed tag gained and lost, by name.
pub(super) fn services(
    weeks: &DiffWeeks<'_>,
    parties: &[ChangedTag],
    sets: &[[AddressSet; 2]],
) -> Vec<ServiceTotals> {
    let mut kept: Vec<(&str, &[AddressSet; 2])> = parties
        .iter()
        .zip(sets)
        .filter(|(party, _)| party.is_kept)
        .map(|(party, sets)| (party.service.as_str(), sets))
        .collect();
    kept.sort_by_key(|(service, _)| *service);
    let pair_of = weeks.places();
    let groups = kept.chunk_by(|one, other| one.0 == other.0);
    groups
        .filter_map(|tags| {
            let (name, _) = tags.first()?;
            let [lost, gained] = DiffSign::BOTH.map(|sign| {
                let parts = tags.iter().map(|(_, sets)| sign.of(sets));
                let of_tag: &Vec<usize> = sign.other().of(&pair_of);
                let together = Together {
                    weeks,
                    pair_of: of_tag.as_slice(),
                    service: name,
                    week: sign.other(),
                };
                together.only_here(&parts)
            });
            Some(ServiceTotals {
                name: (*name).to_owned(),
                gained,
                lost,
            })
        })
        .collect()
}

impl DiffWeeks<'_> {
    /// From either week's tags to the pairs of tags.
    fn places(&self) -> [Vec<usize>; 2] {
        DiffSign::BOTH.map(|sign| {
            let mut places = vec![usize::MAX; sign.of(&self.views).tag_count()];
            for (number, pair) in self.pairs.iter().enumerate() {
                let tag = *sign.of(&pair.ids);
                if let Some(place) = tag.and_then(|tag| places.get_mut(tag.place())) {
                    *place = number;
                }
            }
            places
        })
    }
}

/// A service's tags asked for in the week that may hold an address elsewhere.
struct Together<'a> {
    weeks: &'a DiffWeeks<'a>,
    pair_of: &'a [usize],
    service: &'a str,
    week: DiffSign,
}

impl Together<'_> {
    /// Addresses in the parts that no tag of the service has in the other week.
    fn only_here<'s>(&self, parts: &(impl Iterator<Item = &'s AddressSet> + Clone)) -> [Count; 2] {
        let family = |family: Family| {
            let mut runs = Vec::new();
            for part in parts.clone() {
                runs.extend_from_slice(part.family(family).runs());
            }
            let all = Ranges::from_runs(runs);
            let spans = all.runs().iter();
            let spans = spans.filter_map(|&(first, last)| Span::new(family, first, last));
            let elsewhere = spans.flat_map(|span| self.blocks(span)).collect::<Vec<_>>();
            let elsewhere = AddressSet::from_blocks(elsewhere);
            all.difference(elsewhere.family(family)).count()
        };
        [family(Family::V4), family(Family::V6)]
    }

    fn blocks(&self, span: Span) -> impl Iterator<Item = Block> {
        let view = self.week.of(&self.weeks.views);
        let hits = view.leaning_in(span).chain(view.covering(span));
        let hits = hits.chain(view.starting_in(span));
        let hits = hits.filter(|hit| self.has(hit.tag));
        hits.map(|hit| hit.prefix)
    }

    fn has(&self, tag: TagId) -> bool {
        let pair = self.pair_of.get(tag.place()).copied();
        let is_kept = pair.is_some_and(|pair| self.weeks.keeps(pair));
        is_kept
            && self
                .week
                .of(&self.weeks.views)
                .tag(tag)
                .is_some_and(|row| tags::base_name(&row) == self.service)
    }
}
