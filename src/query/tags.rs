//! Which tags there are.

mod filter;
mod named;
mod prefixes;

use std::cmp::Ordering;

use serde::Serialize;

use crate::azure::{Cloud, Facts, Feature, Name, Numbers, Region, respelt};
use crate::index::{TagId, TagRow, View};
use crate::query::lines::{Lines, of_week};
use crate::query::names::{WeekNames, tag_of};
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::space::{Block, Count, Family, Span};
use crate::text::{Pattern, Safe};

use filter::TagFilter;

pub use filter::{FILTER_KEYS, TagContext, asks_by_key, asks_of_watched, asks_of_weeks};
pub use named::{UnknownService, service_named};
pub use prefixes::{PrefixTable, PrefixesRecord, aggregate, prefixes};

/// Which tags to list, and in what order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TagsQuestion {
    /// Globs, names or substrings of names, one of which must match; none for all.
    pub patterns: Vec<Pattern>,
    /// What is typed as a filter: words, addresses and [keys](FILTER_KEYS), of which all must hold.
    pub filter: String,
    /// Any of these regions; none for all.
    pub regions: Vec<RegionChoice>,
    /// Any of these: a `systemService` or the base of a tag's name, without regard to case.
    pub services: Vec<String>,
    /// Only tags that can be used in all of these.
    pub features: Vec<Feature>,
    /// The order.
    pub sort: Sort,
    /// Turns the order around.
    pub is_reversed: bool,
}

/// Which regions a list of tags is limited to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum RegionChoice {
    /// All of them.
    #[default]
    All,
    /// Tags without a region.
    NotRegional,
    /// One region, by its published property.
    Property(String),
}

impl From<&Region> for RegionChoice {
    fn from(region: &Region) -> Self {
        Self::Property(region.property.clone())
    }
}

/// A region that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no region \"{typed}\" in {cloud}; {hint}")]
pub struct UnknownRegion {
    typed: Safe,
    cloud: Cloud,
    hint: Safe,
}

/// Any spelling of a region, a property that only the data knows, `all`, or `none` for the tags
/// without a region.
///
/// # Errors
/// [`UnknownRegion`] names the cloud that has it, or regions with similar names.
pub fn region_named(
    typed: &str,
    dataset: &Dataset,
    facts: &Facts,
) -> Result<RegionChoice, UnknownRegion> {
    match typed.to_ascii_lowercase().as_str() {
        "all" => return Ok(RegionChoice::All),
        "none" => return Ok(RegionChoice::NotRegional),
        _ => {}
    }
    let cloud = dataset.cloud();
    if let Some(region) = facts.regions.find(cloud, typed) {
        return Ok(region.into());
    }
    let view = dataset.view();
    let in_data = view
        .tag_ids()
        .filter_map(|tag| view.tag(tag))
        .find(|row| !row.region.is_empty() && row.region.eq_ignore_ascii_case(typed));
    if let Some(row) = in_data {
        return Ok(RegionChoice::Property(row.region.to_owned()));
    }
    let other = Cloud::ALL
        .into_iter()
        .find(|&other| facts.regions.find(other, typed).is_some());
    let near = facts.regions.closest(cloud, typed);
    let hint = match (other, near.is_empty()) {
        (Some(other), _) => format!("it is a region of {other}"),
        (None, false) => format!("did you mean {}?", near.join(", ")),
        (None, true) => "tagscope regions lists them".to_owned(),
    };
    Err(UnknownRegion {
        typed: Safe::new(typed),
        cloud,
        hint: Safe::from(hint),
    })
}

/// The order of a list of tags; ties are broken by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By name, ascending.
    #[default]
    Name,
    /// By changeNumber, greatest first.
    ChangeNumber,
    /// By rows, most first.
    Prefixes,
    /// By IPv4 addresses, most first, then by IPv6 addresses.
    Addresses,
    /// By region, tags without one first.
    Region,
    /// By systemService, tags without one first.
    Service,
    /// By where they are usable, tags that are listed nowhere last.
    Features,
}

impl Sort {
    /// Every order, in the order in which a key steps through them.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::ChangeNumber,
        Self::Prefixes,
        Self::Addresses,
        Self::Region,
        Self::Service,
        Self::Features,
    ];

    /// The word of flags and titles.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::ChangeNumber => "changeNumber",
            Self::Prefixes => "prefixes",
            Self::Addresses => "addresses",
            Self::Region => "region",
            Self::Service => "service",
            Self::Features => "features",
        }
    }

    /// Whether the least comes first.
    #[must_use]
    pub const fn is_ascending(self) -> bool {
        matches!(
            self,
            Self::Name | Self::Region | Self::Service | Self::Features
        )
    }

    /// The next order.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Name => Self::ChangeNumber,
            Self::ChangeNumber => Self::Prefixes,
            Self::Prefixes => Self::Addresses,
            Self::Addresses => Self::Region,
            Self::Region => Self::Service,
            Self::Service => Self::Features,
            Self::Features => Self::Name,
        }
    }
}

/// The tags that were asked for, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagsAnswer {
    /// Places in the tag table.
    pub tags: Vec<TagId>,
    /// What to say where no tag matches the text and the text is another spelling of the only one.
    pub note: Option<String>,
    /// What a key of the filter cannot be; no tag is so.
    pub flaw: Option<String>,
}

/// Lists tags.
#[must_use]
pub fn ask(question: &TagsQuestion, dataset: &Dataset, context: &TagContext<'_>) -> TagsAnswer {
    let view = dataset.view();
    let filter = TagFilter::new(&question.filter, dataset, context);
    let mut tags: Vec<TagId> = view
        .tag_ids()
        .filter(|&tag| {
            view.tag(tag)
                .is_some_and(|row| question.keeps(&row) && filter.keeps(tag, &row))
        })
        .collect();
    sort(&mut tags, question.sort, &view);
    if question.is_reversed {
        tags.reverse();
    }
    if let Some(place) = tags.iter().position(|&tag| question.names(tag, &view))
        && question.sort == Sort::Name
    {
        tags.get_mut(..=place).unwrap_or_default().rotate_right(1);
    }
    if tags.is_empty()
        && let Some((tag, note)) = question.respelt(dataset)
    {
        return TagsAnswer {
            tags: vec![tag],
            note: Some(note),
            flaw: None,
        };
    }
    TagsAnswer {
        tags,
        note: None,
        flaw: filter.flaw,
    }
}

impl TagsQuestion {
    /// Whether a tag is the one that the pattern or the typed filter names, but for the case.
    fn names(&self, tag: TagId, view: &View<'_>) -> bool {
        let Some(row) = view.tag(tag) else {
            return false;
        };
        let by_pattern = self.patterns.iter().any(|it| it.is_name(row.name));
        by_pattern || self.filter.trim().eq_ignore_ascii_case(row.name)
    }

    /// The tag that the pattern or the filter spells otherwise, where it is asked for besides.
    fn respelt(&self, dataset: &Dataset) -> Option<(TagId, String)> {
        let typed = match (self.patterns.as_slice(), self.filter.trim()) {
            ([pattern], "") => pattern.typed(),
            ([], filter) if !filter.is_empty() => filter,
            _ => return None,
        };
        let others = Self {
            patterns: Vec::new(),
            filter: String::new(),
            ..self.clone()
        };
        let names = WeekNames::new(dataset);
        let name = names.resolve(typed);
        let tag = tag_of(&name)?;
        let Name::Tag { name, .. } = name else {
            return None;
        };
        let row = dataset.view().tag(tag)?;
        others.keeps(&row).then(|| (tag, respelt(typed, &name)))
    }

    /// Whether a tag is one of those asked for; the typed filter is not looked at.
    #[must_use]
    pub fn keeps(&self, row: &TagRow<'_>) -> bool {
        let is_in = |region: &RegionChoice| match region {
            RegionChoice::All => true,
            RegionChoice::NotRegional => row.region.is_empty(),
            RegionChoice::Property(property) => row.region == property,
        };
        let (patterns, services) = (&self.patterns, &self.services);
        (self.regions.is_empty() || self.regions.iter().any(is_in))
            && (patterns.is_empty() || patterns.iter().any(|it| it.matches(row.name)))
            && (services.is_empty() || services.iter().any(|it| is_of_service(row, it)))
            && self
                .features
                .iter()
                .all(|&feature| row.has_feature(feature))
    }

    /// The one region that the list is limited to.
    #[must_use]
    pub fn region(&self) -> &RegionChoice {
        self.regions.first().unwrap_or(&RegionChoice::All)
    }

    /// Limits the list to one region, or to none.
    pub fn limit_to(&mut self, region: RegionChoice) {
        self.regions = match region {
            RegionChoice::All => Vec::new(),
            region => vec![region],
        };
    }
}

/// By systemService, by the whole name, or by the name without its region.
fn is_of_service(row: &TagRow<'_>, service: &str) -> bool {
    row.system_service.eq_ignore_ascii_case(service) || base_name(row).eq_ignore_ascii_case(service)
}

/// A tag's name without its region: `Storage` of `Storage.WestEurope` and of `Storage`.
#[must_use]
pub fn base_name<'a>(row: &TagRow<'a>) -> &'a str {
    if row.region.is_empty() {
        row.name
    } else {
        row.name.rsplit_once('.').map_or(row.name, |(base, _)| base)
    }
}

/// The addresses that a filter text names, if it is an address or a CIDR.
#[must_use]
pub fn span_of(filter: &str) -> Option<Span> {
    let text = filter.trim();
    let address = text.parse().ok().map(Span::of);
    address.or_else(|| Block::parse(text).ok().map(|(block, _)| block.span()))
}

/// By letters without regard to case.
fn by_letters(one: &str, other: &str) -> Ordering {
    let lower = u8::to_ascii_lowercase;
    let one = one.as_bytes().iter().map(lower);
    one.cmp(other.as_bytes().iter().map(lower))
}

fn sort(tags: &mut [TagId], order: Sort, view: &View<'_>) {
    // The table is in byte order of the names; people read without regard to case.
    let mut named: Vec<(&str, TagId)> = tags
        .iter()
        .map(|&tag| (view.tag(tag).map_or("", |row| row.name), tag))
        .collect();
    named.sort_by(|(one, _), (other, _)| by_letters(one, other));
    for (tag, (_, sorted)) in tags.iter_mut().zip(named) {
        *tag = sorted;
    }
    // These keep the order by name where they find no difference.
    match order {
        Sort::Name => {}
        Sort::ChangeNumber => tags.sort_by_cached_key(|&tag| {
            let number = view.tag(tag).and_then(|row| row.change_number);
            std::cmp::Reverse(number)
        }),
        Sort::Prefixes => tags.sort_by_cached_key(|&tag| {
            let rows = view.tag(tag).map_or(0, |row| row.prefixes());
            std::cmp::Reverse(rows)
        }),
        Sort::Addresses => tags.sort_by_cached_key(|&tag| {
            let counts = [Family::V4, Family::V6].map(|family| addresses(view, tag, family));
            std::cmp::Reverse(counts)
        }),
        Sort::Region => tags.sort_by_key(|&tag| view.tag(tag).map(|row| row.region)),
        Sort::Service => tags.sort_by_key(|&tag| view.tag(tag).map(|row| row.system_service)),
        Sort::Features => tags.sort_by_key(|&tag| {
            let words = view.tag(tag).and_then(|row| row.features).unwrap_or("");
            (words.is_empty(), words)
        }),
    }
}

/// The addresses of one family that a tag holds; nested prefixes count once.
#[must_use]
pub fn addresses(view: &View<'_>, tag: TagId, family: Family) -> Count {
    let mut total = Count::ZERO;
    let mut reached: Option<u128> = None;
    // Prefixes ascend and nest, so one that ends no later than the last is inside it.
    for block in view.prefixes(tag, family) {
        if reached.is_none_or(|last| block.last() > last) {
            total += block.count();
            reached = Some(block.last());
        }
    }
    total
}

impl TagsAnswer {
    /// The answer as a table.
    #[must_use]
    pub fn sheet<'a>(&'a self, dataset: &'a Dataset) -> TagsTable<'a> {
        TagsTable {
            view: dataset.view(),
            numbers: dataset.numbers(),
            tags: &self.tags,
        }
    }

    /// The answer as its JSON document.
    #[must_use]
    pub fn record<'a>(&self, dataset: &'a Dataset) -> TagsRecord<'a> {
        let view = dataset.view();
        TagsRecord {
            schema_version: SCHEMA_VERSION,
            week: dataset.record(),
            tags: self
                .tags
                .iter()
                .filter_map(|&tag| TagRecord::of(&view, tag))
                .collect(),
        }
    }
}

/// A list of tags as a table.
pub struct TagsTable<'a> {
    view: View<'a>,
    numbers: Numbers,
    tags: &'a [TagId],
}

impl TagsTable<'_> {
    /// The columns, in the order of [`Sheet::columns`].
    pub const COLUMNS: [ColumnSpec; 9] = [
        ColumnSpec::name("tag", "name"),
        ColumnSpec::text("region", "region"),
        ColumnSpec::text("service", "systemService"),
        ColumnSpec::change("number", "changeNumber"),
        ColumnSpec::number("v4", "prefixesV4"),
        ColumnSpec::number("v6", "prefixesV6"),
        ColumnSpec::number("v4 addresses", "addressesV4"),
        ColumnSpec::number("v6 addresses", "addressesV6"),
        ColumnSpec::whole("features", "networkFeatures"),
    ];
}

impl Sheet for TagsTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        &Self::COLUMNS
    }

    fn len(&self) -> usize {
        self.tags.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(&tag) = self.tags.get(row) else {
            return Cell::None;
        };
        let Some(row) = self.view.tag(tag) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(row.name),
            1 => Cell::text(row.region),
            2 => Cell::text(row.system_service),
            3 => Cell::Change(row.change_number, self.numbers),
            4 => Cell::Number(row.prefixes_v4),
            5 => Cell::Number(row.prefixes_v6),
            6 => Cell::Count(addresses(&self.view, tag, Family::V4)),
            7 => Cell::Count(addresses(&self.view, tag, Family::V6)),
            8 => row.features.map_or(Cell::None, Cell::text),
            _ => Cell::None,
        }
    }
}

/// The JSON document of a list of tags.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagsRecord<'a> {
    schema_version: u32,
    week: WeekRecord,
    tags: Vec<TagRecord<'a>>,
}

/// A tag in JSON.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagRecord<'a> {
    name: &'a str,
    region: &'a str,
    system_service: &'a str,
    change_number: Option<u32>,
    network_features: Vec<&'a str>,
    /// False where the publication says nothing of them.
    #[serde(skip_serializing_if = "Clone::clone")]
    network_features_stated: bool,
    prefixes_v4: usize,
    prefixes_v6: usize,
    addresses_v4: Count,
    addresses_v6: Count,
}

impl<'a> TagRecord<'a> {
    /// The record of one tag.
    #[must_use]
    pub fn of(view: &View<'a>, tag: TagId) -> Option<Self> {
        let row = view.tag(tag)?;
        Some(Self {
            name: row.name,
            region: row.region,
            system_service: row.system_service,
            change_number: row.change_number,
            network_features: row
                .features
                .unwrap_or_default()
                .split(' ')
                .filter(|word| !word.is_empty())
                .collect(),
            network_features_stated: row.features.is_some(),
            prefixes_v4: row.prefixes_v4,
            prefixes_v6: row.prefixes_v6,
            addresses_v4: addresses(view, tag, Family::V4),
            addresses_v6: addresses(view, tag, Family::V6),
        })
    }
}

impl Lines for TagsRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        of_week(&self.week, &self.tags, is_slim)
    }
}
